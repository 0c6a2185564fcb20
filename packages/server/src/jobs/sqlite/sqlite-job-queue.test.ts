import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openForWriting } from "../../database/sqlite/open.ts";
import { openSqliteDatabase } from "../../database/sqlite/sqlite-database.ts";
import { shareWriterThread } from "../../database/testing/share-writer-thread.ts";
import type { JobTable } from "../job-rules.ts";
import { describeJobQueue, type JobQueueBench } from "../testing/job-queue-conformance.ts";
import { testJobs } from "../testing/test-jobs.ts";
import * as transactions from "../testing/transactions.ts";
import { hasDueJobs, turnJobs } from "./job-transactions.ts";
import { SqliteJobQueue } from "./sqlite-job-queue.ts";

const transactionsUrl = new URL("../testing/transactions.ts", import.meta.url).href;

interface SqliteBench extends JobQueueBench {
  execute(statement: string): void;
}

async function openBench(table: JobTable = testJobs): Promise<SqliteBench> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-jobs-"));
  const path = join(folder, "sluice.sqlite");
  const options = { startThread: shareWriterThread };
  const database = await openSqliteDatabase(path, transactionsUrl, options);
  const other = openForWriting(path);
  return {
    database,
    openQueue: async (observer, pollSeconds = 1) => new SqliteJobQueue(database, table, observer, 1000 * pollSeconds),
    async takeAndDie(name) {
      const rule = { name, free: 1, retries: 2, leaseMs: 60_000, singleton: false };
      expect((await database.run(turnJobs, { endings: [], rules: [rule] })).claimed).toHaveLength(1);
    },
    async letLeasesRunOut() {
      other.exec("update jobs set due_at = 0 where state = 'active'");
    },
    execute: (statement) => other.exec(statement),
    async close() {
      other.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

describeJobQueue("SQLite", () => openBench());

/**
 * The least processor time, in milliseconds, that one of these runs takes. The garbage collector or a compiler ran in
 * the others.
 */
async function leastCpuMs(times: number, work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const before = process.cpuUsage();
    await work();
    least = Math.min(least, process.cpuUsage(before).user / 1000);
  }
  return least;
}

const shortLease = { brief: { ...testJobs.plain, leaseSeconds: 1 } };
const quiet = { ended: () => undefined, troubled: () => undefined };

test("a run that outlasts its lease keeps the job by its signs of life", async () => {
  const bench = await openBench(shortLease);
  const queues = await Promise.all([bench.openQueue(quiet), bench.openQueue(quiet)]);
  try {
    let runs = 0;
    const done = Promise.withResolvers<void>();
    for (const queue of queues) {
      const handler = async (_job: unknown, signal: AbortSignal) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 3500));
        signal.throwIfAborted();
        done.resolve();
      };
      await queue.start(handler);
    }
    await bench.database.run(transactions.enqueueTestJob, { name: "brief", input: {} });
    await done.promise;
    expect(runs).toBe(1);
  } finally {
    for (const queue of queues) await queue.stop(0);
    await bench.close();
  }
});

test("a run whose lease was lost is told so, and its end changes nothing", async () => {
  const bench = await openBench(shortLease);
  const ended: string[] = [];
  const queue = await bench.openQueue({ ...quiet, ended: (_job, outcome) => ended.push(outcome) });
  try {
    const lost = Promise.withResolvers<unknown>();
    const handler = async (_job: unknown, signal: AbortSignal) => {
      await bench.letLeasesRunOut();
      await bench.takeAndDie("brief");
      signal.addEventListener("abort", () => lost.resolve(signal.reason));
      await lost.promise;
    };
    await queue.start(handler);
    await bench.database.run(transactions.enqueueTestJob, { name: "brief", input: {} });
    expect(await lost.promise).toMatchObject({ message: "the lease was lost" });
    await queue.stop(1000);
    expect(ended).toEqual([]);
    expect(await queue.depths()).toMatchObject([{ name: "brief", waiting: 0, active: 1 }]);
  } finally {
    await queue.stop(0);
    await bench.close();
  }
});

test("what waits makes no turn longer, in lanes or without, due at one time or one after another", async () => {
  const bench = await openBench();
  const many = (name: string, lane: string, dueAt: string) =>
    bench.execute(`insert into jobs (id, name, input, state, due_at, attempts, lane, created_at)
      with recursive count (i) as (select 1 union all select i + 1 from count where i < 100000)
      select ${name} || i, ${name}, '{}', 'waiting', ${dueAt}, 0, ${lane}, 0 from count`);
  try {
    many("'laned'", "'one'", "i");
    many("'plain'", "''", "1");
    const rule = { free: 2, retries: 2, leaseMs: 60_000, singleton: false };
    const lanes = { maxRunning: 2, running: new Map() };
    const rules = [
      { ...rule, name: "laned", lanes },
      { ...rule, name: "plain" },
    ];
    await bench.database.run(turnJobs, { endings: [], rules });
    const turn = async () =>
      expect((await bench.database.run(turnJobs, { endings: [], rules })).claimed).toHaveLength(4);
    // A turn that looked at all of them would take some tens of milliseconds.
    expect(await leastCpuMs(20, turn)).toBeLessThan(10);
  } finally {
    await bench.close();
  }
});

test("lanes in which nothing is due cost next to nothing, however many there are", async () => {
  const bench = await openBench({ laned: testJobs.laned });
  const many = (state: string, dueAt: number) =>
    bench.execute(`insert into jobs (id, name, input, state, due_at, attempts, lane, created_at)
      with recursive count (i) as (select 1 union all select i + 1 from count where i < 10000)
      select '${state}' || i, 'laned', '{}', '${state}', ${dueAt}, 1, 'host ' || i, 0 from count`);
  const queue = await bench.openQueue(quiet);
  try {
    many("dead", 1);
    many("waiting", Date.now() + 3_600_000);
    await bench.database.run(transactions.enqueueTestJob, { name: "laned", input: {}, lane: "host 5000" });
    const done = Promise.withResolvers<void>();
    await queue.start(async () => done.resolve());
    await done.promise;
    const look = async () => expect(await hasDueJobs(bench.database.reader, "laned", Date.now())).toBe(false);
    // Looking at each lane in a statement of its own would take a tenth of a second.
    expect(await leastCpuMs(5, look)).toBeLessThan(50);
  } finally {
    await queue.stop(1000);
    await bench.close();
  }
});

test("a dead letter costs the same, however many there are and however many jobs wait", async () => {
  const bench = await openBench();
  try {
    for (const state of ["dead", "waiting"]) {
      bench.execute(`insert into jobs (id, name, input, state, due_at, attempts, lane, created_at, ended_at)
        with recursive count (i) as (select 1 union all select i + 1 from count where i < 100000)
        select '${state}' || i, 'plain', '{}', '${state}', i, 0, '', 0, ${Date.now()} from count`);
    }
    const rule = { name: "plain", free: 20, retries: 0, leaseMs: 60_000, singleton: false };
    const ending = { outcome: "dead", error: "it failed" } as const;
    let { claimed } = await bench.database.run(turnJobs, { endings: [], rules: [rule] });
    const turn = async () => {
      const endings = claimed.map((job) => ({ ...job, ending }));
      const outcome = await bench.database.run(turnJobs, { endings, rules: [rule] });
      expect(outcome.ours).toEqual(Array(20).fill(true));
      claimed = outcome.claimed;
    };
    // A turn that looked at all of them would take some tens of milliseconds.
    expect(await leastCpuMs(5, turn)).toBeLessThan(100);
  } finally {
    await bench.close();
  }
});

test("dead letters are kept for a season, and go when others come", async () => {
  const bench = await openBench();
  const queue = await bench.openQueue(quiet);
  const bury = async (name: string) => {
    await bench.database.run(transactions.enqueueTestJob, { name, input: {} });
    const rule = { name, free: 1, retries: 0, leaseMs: 60_000, singleton: false };
    const { claimed } = await bench.database.run(turnJobs, { endings: [], rules: [rule] });
    const ending = { outcome: "dead", error: "it failed" } as const;
    await bench.database.run(turnJobs, { endings: claimed.map((job) => ({ ...job, ending })), rules: [] });
  };
  const names = async () => (await queue.deadLetters(10)).map(({ name }) => name);
  const age = (name: string, days: number) =>
    bench.execute(`update jobs set ended_at = ended_at - ${days * 24 * 3600 * 1000} where name = '${name}'`);
  try {
    await bury("plain");
    await bury("once");
    age("plain", 91);
    age("once", 89);
    await bury("alone");
    expect(await names()).toEqual(["alone", "once"]);
  } finally {
    await bench.close();
  }
});
