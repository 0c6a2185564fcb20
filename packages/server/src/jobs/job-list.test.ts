import { expect, test } from "vitest";
import { defineJob, jobKind, type Nothing } from "./job.ts";
import { handlerOf, ownersOf, recurringJobs, tableOf } from "./job-list.ts";
import { testJobs } from "./testing/test-jobs.ts";

interface Needs {
  readonly log: string[];
  readonly intervalMs: number | undefined;
}

const greet = defineJob({
  kind: jobKind<{ readonly accountId: string }>("greet"),
  ...testJobs.plain,
  owners: [{ member: "accountId", table: "accounts" }],
  run: async ({ log }: Needs, { input, attempt, isLast }) => void log.push(`${input.accountId} ${attempt} ${isLast}`),
});
const tick = defineJob({
  kind: jobKind<Nothing>("tick"),
  ...testJobs.plain,
  owners: [],
  everyMs: ({ intervalMs }: Needs) => intervalMs,
  run: async ({ log }: Needs) => void log.push("tick"),
});
const jobs = [greet, tick];
const { signal } = new AbortController();

test("each job is done by its own record, which is told whether the attempt is the last", async () => {
  const log: string[] = [];
  const handle = handlerOf(jobs, { log, intervalMs: undefined });
  const job = { id: "1", name: "greet", input: { accountId: "a" } };
  for (const attempt of [1, 3]) await handle({ ...job, attempt }, signal);
  await handle({ ...job, name: "tick", input: {}, attempt: 1 }, signal);
  expect(log).toEqual(["a 1 false", "a 3 true", "tick"]);
  await expect(handle({ ...job, name: "other", attempt: 1 }, signal)).rejects.toThrow("other");
});

test("two jobs of one name throw by it", () => {
  expect(Object.keys(tableOf(jobs))).toEqual(["greet", "tick"]);
  expect(() => tableOf([greet, tick, { ...greet }])).toThrow("greet");
});

test("a job recurs in whole seconds, one at least, where it has something to do", () => {
  const every = (intervalMs: number | undefined) => recurringJobs(jobs, { log: [], intervalMs });
  expect(every(1400)).toEqual([{ name: "tick", everySeconds: 1 }]);
  expect(every(1)).toEqual([{ name: "tick", everySeconds: 1 }]);
  expect(every(undefined)).toEqual([]);
});

test("the owners are those of all jobs", () => {
  expect(ownersOf(jobs)).toEqual([{ member: "accountId", table: "accounts" }]);
});
