import { Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { MetricSums } from "./metric-sums.ts";
import { Timings } from "./timings.ts";

const named = { name: "work_seconds", help: "time of work" };
const buckets = [0.01, 0.1, 1];

function timings(durations: readonly number[]): Registry {
  const registry = new Registry();
  const mark = new Timings({ ...named, label: "kind", buckets, registers: [registry] }).mark("read");
  for (const duration of durations) mark.observe(duration);
  return registry;
}

test("durations are told as prom-client's own histogram tells them", async () => {
  const durations = [0, 0.01, 0.02, 0.5, 5];
  const registry = new Registry();
  const own = new Histogram({ ...named, labelNames: ["kind"], buckets, registers: [registry] });
  for (const duration of durations) own.observe({ kind: "read" }, duration);
  expect(await timings(durations).metrics()).toBe(await registry.metrics());
});

test("those of several processes are added up", async () => {
  const sums = new MetricSums();
  sums.measured("1", await timings([0.02]).getMetricsAsJSON());
  sums.measured("2", await timings([0.5, 5]).getMetricsAsJSON());
  const text = await sums.text();
  expect(text).toContain('work_seconds_bucket{le="1",kind="read"} 2');
  expect(text).toContain('work_seconds_count{kind="read"} 3');
});
