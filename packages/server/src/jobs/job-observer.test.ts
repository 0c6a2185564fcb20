import { expect, test } from "vitest";
import { createLogger } from "../observability/logger.ts";
import { createMetrics } from "../observability/metrics.ts";
import { createJobObserver } from "./job-observer.ts";
import type { JobOutcome, RunningJob } from "./job-queue.ts";

function openObserver() {
  const lines: { level: number; msg: string }[] = [];
  const logger = createLogger("debug", { write: (line: string) => lines.push(JSON.parse(line)) });
  const metrics = createMetrics(() => ({ files: 0, bytes: 0 }), "1");
  return { observer: createJobObserver({ logger, metrics }), lines, metrics };
}

const job: RunningJob = { id: "1", name: "sweep-blobs", input: { token: "hunter2" }, attempt: 2 };

test("runs are counted by job and outcome, and logged without what the job was told", async () => {
  const { observer, lines, metrics } = openObserver();
  const outcomes: JobOutcome[] = ["done", "failed", "dead", "returned"];
  for (const outcome of outcomes) observer.ended(job, outcome, "a reason");
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [20, "job done"],
    [40, "job failed"],
    [50, "job dead"],
    [30, "job returned"],
  ]);
  expect(JSON.stringify(lines)).not.toContain("hunter2");
  const text = await metrics.registry.metrics();
  for (const outcome of outcomes)
    expect(text).toContain(`sluice_jobs_total{kind="sweep-blobs",outcome="${outcome}"} 1`);
});

test("trouble that lasts is told of once in a while, without passwords", () => {
  const { observer, lines } = openObserver();
  for (let look = 0; look < 100; look++) observer.troubled(new Error("no postgres://me:hunter2@db/x"));
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain("hunter2");
});
