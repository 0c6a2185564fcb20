import { test } from "vitest";
import { chooseSeed } from "./testing/fuzz-target.ts";
import { targets } from "./testing/targets.ts";

const seed = chooseSeed();

test.each(targets)("$name holds on some thousand hostile cases", async ({ check, share }) => {
  await check({ seed, numRuns: share * 10 });
});
