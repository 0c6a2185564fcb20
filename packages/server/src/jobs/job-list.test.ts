import { expect, test } from "vitest";
import { defaultLimits } from "../config/limits.ts";
import { defineJob, jobKind, type Nothing } from "./job.ts";
import { handlerOf, ownersOf, recurringJobs, tableOf } from "./job-list.ts";
import type { ProgressDeps } from "./progress/report-progress.ts";
import { testJobs } from "./testing/test-jobs.ts";

interface Deps extends ProgressDeps {
  readonly log: string[];
  readonly intervalMs: number | undefined;
}

const greet = defineJob({
  kind: jobKind<{ readonly accountId: string }>("greet"),
  ...testJobs.plain,
  owners: [{ member: "accountId", table: "accounts" }],
  progressBy: "accountId",
  run: async ({ log }: Deps, { input, attempt, isLast, report }) => {
    log.push(`${input.accountId} ${attempt} ${isLast}`);
    report(input.accountId, { fraction: 0.5, message: "greeted" });
  },
});
const tick = defineJob({
  kind: jobKind<Nothing>("tick"),
  ...testJobs.plain,
  owners: [],
  everyMs: ({ intervalMs }: Deps) => intervalMs,
  run: async ({ log }: Deps, { attempt, report }) => {
    log.push("tick");
    if (attempt > 1) report("a", { fraction: 0.5, message: "ticked" });
  },
});
const jobs = [greet, tick];

function depsWith(intervalMs: number | undefined): Deps & { readonly scripts: unknown[] } {
  const scripts: unknown[] = [];
  const run = async ({ name }: { readonly name: string }, input: unknown) => void scripts.push([name, input]);
  return { log: [], intervalMs, scripts, database: { run } as unknown as Deps["database"], now: () => 1 };
}
const { signal } = new AbortController();

test("each job is done by its own record, which is told whether the attempt is the last", async () => {
  const deps = depsWith(undefined);
  const { log } = deps;
  const handle = handlerOf(jobs, deps);
  const job = { id: "1", name: "greet", input: { accountId: "a" } };
  for (const attempt of [1, 3]) await handle({ ...job, attempt }, signal);
  await handle({ ...job, name: "tick", input: {}, attempt: 1 }, signal);
  expect(log).toEqual(["a 1 false", "a 3 true", "tick"]);
  await expect(handle({ ...job, name: "other", attempt: 1 }, signal)).rejects.toThrow("other");
});

test("what a job tells of its progress is kept by the member that its record names, until it has ended", async () => {
  const deps = depsWith(undefined);
  const handle = handlerOf(jobs, deps);
  await handle({ id: "1", name: "greet", input: { accountId: "a" }, attempt: 1 }, signal);
  const key = { job: "greet", key: "a" };
  const row = { ...key, account_id: "a", fraction: 0.5, message: "greeted", updated_at: 1 };
  expect(deps.scripts).toEqual([
    ["recordJobProgress", { row, isFirst: true }],
    ["forgetJobProgress", key],
  ]);
  await handle({ id: "2", name: "tick", input: {}, attempt: 1 }, signal);
  expect(deps.scripts).toHaveLength(2);
  await expect(handle({ id: "3", name: "tick", input: {}, attempt: 2 }, signal)).rejects.toThrow("progressBy");
});

test("two jobs of one name throw by it", () => {
  expect(Object.keys(tableOf(jobs, defaultLimits))).toEqual(["greet", "tick"]);
  expect(() => tableOf([greet, tick, { ...greet }], defaultLimits)).toThrow("greet");
});

test("a job recurs in whole seconds, one at least, where it has something to do", () => {
  const every = (intervalMs: number | undefined) => recurringJobs(jobs, depsWith(intervalMs));
  expect(every(1400)).toEqual([{ name: "tick", everySeconds: 1 }]);
  expect(every(1)).toEqual([{ name: "tick", everySeconds: 1 }]);
  expect(every(undefined)).toEqual([]);
});

test("the owners are those of all jobs", () => {
  expect(ownersOf(jobs)).toEqual([{ member: "accountId", table: "accounts" }]);
});
