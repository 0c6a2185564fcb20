import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { MetricSums } from "./metric-sums.ts";
import { watchedGauges } from "./watched-gauges.ts";

function watched() {
  const registry = new Registry();
  return { registry, gauges: watchedGauges([registry]) };
}

test("jobs are told by kind and state, with one look at the queue for all metrics of it", async () => {
  const { registry, gauges } = watched();
  let looks = 0;
  gauges.watchJobs(async () => {
    looks += 1;
    return [{ name: "purge", waiting: 3, active: 2, dead: 1, overdue: 7.5 }];
  });
  const text = await registry.metrics();
  for (const [state, count] of [
    ["waiting", 3],
    ["active", 2],
    ["dead", 1],
  ]) {
    expect(text).toContain(`sluice_jobs{kind="purge",state="${state}"} ${count}`);
  }
  expect(text).toContain('sluice_jobs_overdue_seconds{kind="purge"} 7.5');
  expect(looks).toBe(1);
});

test("while the database or a disk hangs, its metrics have no value, and the others are answered in time", async () => {
  const { registry, gauges } = watched();
  const hanging = () => new Promise<never>(() => undefined);
  gauges.watchJobs(hanging);
  gauges.watchOpenUploads(async () => ({ open: 3, complete: 1, bytes: 9 }));
  gauges.watchDisks(hanging);
  const began = performance.now();
  const text = await registry.metrics();
  expect(performance.now() - began).toBeLessThan(5000);
  expect(text).toContain('sluice_resumable_uploads{state="receiving"} 2');
  expect(text).not.toMatch(/^sluice_(jobs|disk)/m);
});

test("the processes of a node tell of its disks once", async () => {
  const sums = new MetricSums();
  for (const [process, free] of [
    ["1", 100],
    ["2", 90],
  ] as const) {
    const { registry, gauges } = watched();
    gauges.watchDisks(async () => [{ folder: "data", size: 1000, free }]);
    sums.measured(process, await registry.getMetricsAsJSON());
  }
  const text = await sums.text();
  expect(text).toContain('sluice_disk_free_bytes{folder="data"} 90');
  expect(text).toContain('sluice_disk_size_bytes{folder="data"} 1000');
});
