import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { ProcessLoad } from "./process-load.ts";

test("an event loop that is never idle is the whole load, and an idle one hardly any", async () => {
  const load = new ProcessLoad();
  for (const until = performance.now() + 100; performance.now() < until; );
  const whileBusy = load.look();
  expect(whileBusy).toBeGreaterThan(0.8);
  await sleep(200);
  expect(load.look()).toBeLessThan(whileBusy);
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
    const { user, system } = process.cpuUsage(before);
    const used = (user + system) / 1000 / (performance.now() - start) / availableParallelism();
    expect(share).toBeGreaterThan(0.7 * Math.min(used, 1));
    expect(used).toBeGreaterThan(0);
  } finally {
    await spin.terminate();
  }
});
