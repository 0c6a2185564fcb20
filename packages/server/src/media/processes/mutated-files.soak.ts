import { expect, test } from "vitest";
import { decodeMutated } from "../testing/decode-mutated.ts";

test("of a thousand files that were changed by lot, each becomes a picture or is refused in time", async () => {
  const seed = Date.now() % 1_000_000;
  const decoded = await decodeMutated(1000, seed);
  process.stdout.write(`${JSON.stringify({ seed, ...decoded })}\n`);
  expect(decoded.pictures).toBeGreaterThan(50);
}, 900_000);
