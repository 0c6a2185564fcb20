import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { type MeasuredMetric, MetricSums } from "./metric-sums.ts";

async function measure(process: string, uploads: number, files: number): Promise<MeasuredMetric[]> {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "uploads", help: "uploads", registers }).inc(uploads);
  new Counter({ name: "commits", help: "commits", labelNames: ["process"], registers }).inc({ process }, uploads);
  new Gauge({ name: "files", help: "files", registers }).set(files);
  new Histogram({ name: "seconds", help: "seconds", buckets: [1], registers }).observe(uploads);
  return registry.getMetricsAsJSON();
}

const values = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .sort();

test("what processes count and hold is summed, and what bears a process's name stands for itself", async () => {
  const sums = new MetricSums();
  sums.measured("1", await measure("1", 2, 5));
  sums.measured("2", await measure("2", 3, 7));
  expect(values(await sums.text())).toEqual([
    'commits{process="1"} 2',
    'commits{process="2"} 3',
    "files 12",
    'seconds_bucket{le="+Inf"} 2',
    'seconds_bucket{le="1"} 0',
    "seconds_count 2",
    "seconds_sum 5",
    "uploads 5",
  ]);
});

test("when a process ends, what it has counted stays and what it held goes", async () => {
  const sums = new MetricSums();
  for (const uploads of [2, 3]) {
    sums.measured("1", await measure("1", uploads, 5));
    await sums.end("1");
  }
  sums.measured("1", await measure("1", 10, 1));
  await sums.end("never measured");
  expect(values(await sums.text())).toEqual([
    'commits{process="1"} 15',
    "files 1",
    'seconds_bucket{le="+Inf"} 3',
    'seconds_bucket{le="1"} 0',
    "seconds_count 3",
    "seconds_sum 15",
    "uploads 15",
  ]);
});
