import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { ProcessLoad } from "./process-load.ts";

/** What all threads of this process have used of its cores since `before`, at most 1. Other tests may share the process. */
function usedSince(before: NodeJS.CpuUsage, start: number): number {
  const { user, system } = process.cpuUsage(before);
  return Math.min((user + system) / 1000 / (performance.now() - start) / availableParallelism(), 1);
}

test("an event loop that is never idle is the whole load, and an idle one adds nothing", async () => {
  const load = new ProcessLoad();
  for (const until = performance.now() + 100; performance.now() < until; );
  expect(load.look()).toBeGreaterThan(0.8);
  const before = process.cpuUsage();
  const start = performance.now();
  await sleep(200);
  const whileIdle = load.look();
  expect(whileIdle).toBeLessThan(usedSince(before, start) + 0.3);
});

test("what other threads do counts, by the cores that there are for all of them", async () => {
  const spin = new Worker("const end = Date.now() + 10_000; while (Date.now() < end);", { eval: true });
  try {
    await new Promise((resolve) => spin.once("online", resolve));
    const load = new ProcessLoad();
    const before = process.cpuUsage();
    const start = performance.now();
    await sleep(300);
    const share = load.look();
    const used = usedSince(before, start);
    expect(share).toBeGreaterThan(0.7 * used);
    expect(used).toBeGreaterThan(0);
  } finally {
    await spin.terminate();
  }
});
