import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { chooseSeed } from "./testing/fuzz-target.ts";
import { targets } from "./testing/targets.ts";

const MiB = 1024 * 1024;
const cases = 1_020_000;
const tenths = 10;

test("a million hostile cases break nothing, and leave nothing in memory", { timeout: 900_000 }, async () => {
  const seed = chooseSeed();
  process.stdout.write(`fuzzing with SLUICE_FUZZ_SEED=${seed}\n`);
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  const memory: number[] = [];
  for (let tenth = 0; tenth < tenths; tenth++) {
    for (const { check, share } of targets) {
      await check({ seed: seed + tenth, numRuns: Math.ceil((cases * share) / shares / tenths) });
    }
    memory.push(usedMemory());
  }
  const [first = 0] = memory;
  const last = memory.at(-1) ?? 0;
  process.stdout.write(`memory after each tenth: ${memory.map((bytes) => (bytes / MiB).toFixed(1)).join(", ")} MiB\n`);
  expect(last - first).toBeLessThan(32 * MiB);
});

/** Bytes of memory that are still in use after a garbage collection. */
function usedMemory(): number {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
