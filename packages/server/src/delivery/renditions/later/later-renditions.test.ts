import { expect, test } from "vitest";
import { LaterRenditions } from "./later-renditions.ts";

const { signal } = new AbortController();

test("a server that ends lets no request wait for a job any more", async () => {
  const later = new LaterRenditions({ run: async () => true as never }, 600_000);
  const wait = () => later.wait(async () => undefined, signal);
  const waiting = wait();
  later.endWaits();
  expect(await waiting).toBe(undefined);
  expect(await wait()).toBe(undefined);
});
