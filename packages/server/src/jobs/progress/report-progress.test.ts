import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeAccount } from "../../account-data/erase/erasure-transactions.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { jobKind } from "../job.ts";
import { findProgress, findProgressOf } from "./find-progress.ts";
import type { ReportProgress } from "./report-progress.ts";
import { type ProgressDeps, recordJobProgress, withProgress } from "./report-progress.ts";

const kind = jobKind<{ readonly pictureId: string }>("paint");
const signal = new AbortController().signal;
const job = { job: kind.name, key: "p1", isLast: false, signal };

/** A job that goes on until it is told to end or to fail. */
function longRun() {
  const started = Promise.withResolvers<ReportProgress>();
  const ended = Promise.withResolvers<void>();
  const run = (report: ReportProgress) => {
    started.resolve(report);
    return ended.promise;
  };
  return { run, started: started.promise, end: ended.resolve, fail: ended.reject };
}

/** Needs that keep the names and the inputs of the scripts. */
function watchedDeps() {
  const scripts: [name: string, fraction: number | undefined][] = [];
  const run = async ({ name }: { readonly name: string }, input: { readonly row?: { readonly fraction: number } }) => {
    scripts.push([name, input.row?.fraction]);
  };
  return { scripts, deps: { database: { run }, now: Date.now } as unknown as ProgressDeps };
}

test("the first report is recorded at once, and then the newest one a second at most", async () => {
  const { scripts, deps } = watchedDeps();
  const began = performance.now();
  let reports = 0;
  await withProgress(deps, job, async (report) => {
    for (; performance.now() - began < 1200; reports += 1) {
      report("a", { fraction: reports / 1e6, message: "" });
      if (reports === 0) expect(scripts).toEqual([["recordJobProgress", 0]]);
      await sleep(5);
    }
  });
  const recorded = scripts.filter(([name]) => name === "recordJobProgress");
  expect(recorded.length).toBeGreaterThan(1);
  expect(recorded.length).toBeLessThanOrEqual(1 + Math.floor((performance.now() - began) / 1000));
  expect(recorded[1]?.[1]).toBeGreaterThan(1 / 1e6);
  expect(scripts.at(-1)).toEqual(["forgetJobProgress", undefined]);
});

test.each([
  [-1, 0],
  [7, 1],
])("what is %d of the whole is recorded as %d", async (fraction, recorded) => {
  const { scripts, deps } = watchedDeps();
  await withProgress(deps, job, async (report) => report("a", { fraction, message: "" }));
  expect(scripts[0]).toEqual(["recordJobProgress", recorded]);
});

test("a run that fails or is cut short leaves its last report, the last run none", async () => {
  const { scripts, deps } = watchedDeps();
  const fail = (more: object) =>
    withProgress(deps, { ...job, ...more }, async (report) => {
      for (const fraction of [0.1, 0.2]) report("a", { fraction, message: "" });
      throw new Error("no paint");
    });
  await expect(fail({})).rejects.toThrow("no paint");
  await expect(fail({ isLast: true, signal: AbortSignal.abort() })).rejects.toThrow("no paint");
  const kept = [
    ["recordJobProgress", 0.1],
    ["recordJobProgress", 0.2],
  ];
  expect(scripts.splice(0)).toEqual([...kept, ...kept]);
  await expect(fail({ isLast: true })).rejects.toThrow("no paint");
  expect(scripts.at(-1)).toEqual(["forgetJobProgress", undefined]);
});

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const find = (key = "p1") => findProgress(fixture.parts.database.reader, kind, key);

  test("any node finds how far a job is until it has ended, also while it waits for another run", async () => {
    const { accountId } = fixture.principal;
    const first = longRun();
    const running = withProgress(fixture.services, job, first.run);
    const report = await first.started;
    expect(await find()).toBeUndefined();
    report(accountId, { fraction: 0.25, message: "1 of 4 is painted." });
    await expect.poll(() => find()).toEqual({ fraction: 0.25, message: "1 of 4 is painted." });
    report(accountId, { fraction: 0.5, message: "2 of 4 are painted." });
    first.fail(new Error("no paint"));
    await expect(running).rejects.toThrow("no paint");
    expect(await find()).toEqual({ fraction: 0.5, message: "2 of 4 are painted." });
    expect(await find("p2")).toBeUndefined();

    const { reader } = fixture.parts.database;
    const listed = ["p1", "p2"].map((pictureId) => ({ name: kind.name, input: { pictureId } }));
    const kinds = [{ name: kind.name, progressBy: "pictureId" }, { name: "other" }];
    const found = await findProgressOf(reader, kinds, [...listed, { name: "other", input: { pictureId: "p1" } }]);
    expect([...found]).toEqual([[listed[0], { fraction: 0.5, message: "2 of 4 are painted." }]]);

    const second = longRun();
    second.end();
    await withProgress(fixture.services, job, second.run);
    expect(await find()).toBeUndefined();
  });

  test("an account that is being erased gets no rows, and what is long forgotten goes", async () => {
    const { accountId } = fixture.principal;
    const row = { job: kind.name, account_id: accountId, fraction: 0.5, message: "" };
    const { database } = fixture.parts;
    const [day, now] = [24 * 3600 * 1000, Date.now()];
    const record = (key: string, updated_at: number) =>
      database.run(recordJobProgress, { row: { ...row, key, updated_at }, isFirst: true });
    await record("buried", now - 91 * day);
    await record("waiting", now - 89 * day);
    await record("p1", now);
    expect(await Promise.all(["buried", "waiting", "p1"].map(async (key) => (await find(key)) !== undefined))).toEqual([
      false,
      true,
      true,
    ]);
    await database.run(closeAccount, { imagekitId: "demo" });
    await record("late", now);
    expect(await find("late")).toBeUndefined();
  });
});
