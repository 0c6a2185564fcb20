import { test as base, describe, type ExpectStatic } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { newObjectVersion } from "../../library/versions/enter-version.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import { newId } from "../../text/id.ts";
import { validate } from "../../upload/resolve/validate.ts";
import type { CommitUploadInput } from "../../upload/store/commit-transaction.ts";
import type { JobHandler, JobObserver, JobOutcome, JobQueue, QueueDepth, RunningJob } from "../job-queue.ts";
import type { testJobs } from "./test-jobs.ts";
import type { TestDatabase } from "./transactions.ts";
import * as transactions from "./transactions.ts";

export interface JobQueueBench {
  readonly database: TestDatabase;
  /** Opens another node's queue for `testJobs`. */
  openQueue(observer: JobObserver, pollSeconds?: number): Promise<JobQueue>;
  /** Takes the job of that name like a worker that is never heard of again. */
  takeAndDie(name: string): Promise<void>;
  /** Makes all leases run out, as if all workers had been silent for longer than any lease. */
  letLeasesRunOut(): Promise<void>;
  close(): Promise<void>;
}

type Name = keyof typeof testJobs;

const patienceMs = 10_000;

function newUpload(accountId: string, storedAt: number): CommitUploadInput {
  return {
    accountId,
    versionId: newId(),
    objectVersion: newObjectVersion(),
    name: "a.txt",
    request: validate(new Map([["fileName", "a.txt"]])),
    media: { mime: "text/plain", kind: "other" },
    sha256: new Uint8Array(32),
    size: 1,
    keepsCustomMetadata: true,
    blob: { kind: "fresh", id: newId(), storageKey: newBlobKey(), storedAt },
    sweepGraceMs: 3_600_000,
    madeAt: Date.now(),
    now: Date.now(),
  };
}

interface Kit {
  readonly bench: JobQueueBench;
  readonly outcomes: readonly [name: string, JobOutcome][];
  enqueue(name: Name, input?: object, options?: object): Promise<boolean>;
  openQueue(pollSeconds?: number): Promise<JobQueue>;
  startWorker(handler: JobHandler, pollSeconds?: number): Promise<JobQueue>;
  accounts(): Promise<{ readonly id: string }[]>;
}

/** A queue may report that a run has ended just before it has recorded that. */
function expectDepth(
  expect: ExpectStatic,
  queue: JobQueue,
  depth: Pick<QueueDepth, "name" | "waiting" | "active"> & Partial<QueueDepth>,
): Promise<void> {
  return expect.poll(() => queue.depths()).toContainEqual(expect.objectContaining(depth));
}

/**
 * The promises that every queue must keep, whichever database it is built on. Each test has a database of its own and
 * mostly waits, so some of them run at the same time.
 */
export function describeJobQueue(engine: string, openBench: () => Promise<JobQueueBench>): void {
  const test = base.extend<{ kit: Kit }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
    kit: async ({}, use) => {
      const bench = await openBench();
      const queues: JobQueue[] = [];
      const outcomes: [string, JobOutcome][] = [];
      async function openQueue(pollSeconds?: number): Promise<JobQueue> {
        const observer: JobObserver = {
          ended: (job, outcome) => outcomes.push([job.name, outcome]),
          troubled: (error) => {
            throw error;
          },
        };
        const queue = await bench.openQueue(observer, pollSeconds);
        queues.push(queue);
        return queue;
      }
      try {
        await use({
          bench,
          outcomes,
          enqueue: (name, input = {}, options = {}) =>
            bench.database.run(transactions.enqueueTestJob, { name, input, ...options }),
          openQueue,
          async startWorker(handler, pollSeconds) {
            const queue = await openQueue(pollSeconds);
            await queue.start(handler);
            return queue;
          },
          accounts: () => bench.database.reader.selectFrom("accounts").select("id").execute(),
        });
      } finally {
        for (const queue of queues) await queue.stop(0);
        await bench.close();
      }
    },
  });

  describe.concurrent(`the job queue on ${engine}`, { timeout: 60_000 }, () => {
    test("runs what was committed, once, with its input", async ({ kit: { bench, outcomes, startWorker }, expect }) => {
      const runs: RunningJob[] = [];
      const queue = await startWorker(async (job) => {
        runs.push(job);
      });
      await bench.database.run(transactions.addAccountWithJob, {
        id: "a",
        job: { name: "plain", input: { list: [1, "é"] } },
      });
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      expect(runs).toMatchObject([{ name: "plain", input: { list: [1, "é"] }, attempt: 1 }]);
      await expectDepth(expect, queue, { name: "plain", waiting: 0, active: 0 });
    });

    test("a transaction that rolls back or throws leaves no job, and nothing else", async ({
      kit: { bench, openQueue, accounts },
      expect,
    }) => {
      const queue = await openQueue();
      const job = { name: "plain", input: {} };
      await bench.database.run(transactions.addAccountWithJob, { id: "a", job, ending: "roll back" });
      await expect(
        bench.database.run(transactions.addAccountWithJob, { id: "b", job, ending: "throw" }),
      ).rejects.toThrow();
      expect(await accounts()).toEqual([]);
      await expectDepth(expect, queue, { name: "plain", waiting: 0, active: 0 });
      await bench.database.run(transactions.addAccountWithJob, { id: "a", job });
      await expectDepth(expect, queue, { name: "plain", waiting: 1, active: 0 });
    });

    test("an upload that rolls back leaves no job, and one that is stored leaves one", async ({
      kit: { bench, openQueue, accounts },
      expect,
    }) => {
      const queue = await openQueue();
      const pair = { publicKey: "public_test", privateKey: "private_test" };
      await bench.database.run(createAccount, { imagekitId: "demo", pair, now: Date.now() });
      const accountId = (await accounts())[0]?.id ?? "";
      const job = { name: "plain", input: {} };
      const late = newUpload(accountId, 0);
      expect(await bench.database.run(transactions.commitUploadWithJob, { upload: late, job })).toEqual({
        outcome: "blob too old",
      });
      await expectDepth(expect, queue, { name: "plain", waiting: 0, active: 0 });
      const upload = newUpload(accountId, Date.now());
      expect(await bench.database.run(transactions.commitUploadWithJob, { upload, job })).toMatchObject({
        outcome: "stored",
      });
      await expectDepth(expect, queue, { name: "plain", waiting: 1, active: 0 });
    });

    test("tries again what failed, later", async ({ kit: { outcomes, enqueue, startWorker }, expect }) => {
      const runs: [attempt: number, at: number][] = [];
      await startWorker(async ({ attempt }) => {
        runs.push([attempt, Date.now()]);
        if (attempt < 3) throw new Error("not yet");
      });
      await enqueue("plain");
      await expect.poll(() => outcomes.map(([, outcome]) => outcome)).toEqual(["failed", "failed", "done"]);
      expect(runs.map(([attempt]) => attempt)).toEqual([1, 2, 3]);
      const [first = 0, second = 0, third = 0] = runs.map(([, at]) => at);
      expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(490);
    });

    test("ends a run that takes too long", async ({ kit: { outcomes, enqueue, startWorker }, expect }) => {
      const queue = await startWorker(async (_job, signal) => {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      });
      await enqueue("hasty");
      await expect.poll(() => outcomes).toEqual([["hasty", "dead"]]);
      await expect.poll(() => queue.deadLetters(10)).toMatchObject([{ name: "hasty" }]);
    });

    test("leaves jobs to others of which it runs none", async ({ kit: { outcomes, enqueue, startWorker }, expect }) => {
      await enqueue("elsewhere");
      const queue = await startWorker(async () => undefined);
      queue.wake("elsewhere");
      await enqueue("plain");
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      await expectDepth(expect, queue, { name: "elsewhere", waiting: 1, active: 0 });
    });

    test("looks for work at once when it is woken", async ({ kit: { outcomes, enqueue, startWorker }, expect }) => {
      const queue = await startWorker(async () => undefined, 3600);
      await enqueue("plain");
      queue.wake();
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      await enqueue("plain");
      queue.wake();
      await expect.poll(() => outcomes.length).toBe(2);
    });

    test("says for how long the first job that is due has waited", async ({ kit: { enqueue, openQueue }, expect }) => {
      const queue = await openQueue();
      const overdue = async () => (await queue.depths()).find(({ name }) => name === "plain")?.overdue;
      expect(await overdue()).toBe(0);
      await enqueue("plain", {}, { afterSeconds: 3600 });
      expect(await overdue()).toBe(0);
      await enqueue("plain");
      await expect.poll(overdue).toBeGreaterThan(0);
      expect(await overdue()).toBeLessThan(60);
    });

    test("keeps what failed for the last time as a dead letter, with its input and its error", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const queue = await startWorker(async () => {
        throw new Error("never works");
      });
      await enqueue("once", { file: "f" });
      await expect.poll(() => outcomes).toEqual([["once", "dead"]]);
      await expectDepth(expect, queue, { name: "once", waiting: 0, active: 0 });
      await expect.poll(() => queue.deadLetters(10)).toHaveLength(1);
      const [letter, ...others] = await queue.deadLetters(10);
      expect(others).toEqual([]);
      expect(await queue.deadLetters(10, "once")).toEqual([letter]);
      expect(await queue.deadLetters(10, "plain")).toEqual([]);
      expect(letter).toMatchObject({
        name: "once",
        input: { file: "f" },
        error: expect.stringContaining("never works"),
      });
      expect(Math.abs(Date.now() - (letter?.diedAt.getTime() ?? 0))).toBeLessThan(60_000);
    });

    test("runs a dead letter again when it is told to, one or all of a name", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      let works = false;
      const queue = await startWorker(async () => {
        if (!works) throw new Error("not yet");
      });
      for (let job = 0; job < 3; job++) await enqueue("once", { job });
      await expect.poll(() => queue.deadLetters(10)).toHaveLength(3);
      works = true;
      const [letter] = await queue.deadLetters(1);
      expect(await queue.retryDead({ id: letter?.id ?? "" })).toBe(1);
      expect(await queue.retryDead({ id: letter?.id ?? "" })).toBe(0);
      expect(await queue.retryDead({ id: "of no letter" })).toBe(0);
      expect(await queue.retryDead({ name: "plain" })).toBe(0);
      expect(await queue.retryDead({ name: "once" })).toBe(2);
      await expect.poll(() => outcomes.filter(([, outcome]) => outcome === "done")).toHaveLength(3);
      expect(await queue.deadLetters(10)).toEqual([]);
    });

    test("gives a dead worker's job to another when its lease runs out, not before", async ({
      kit: { bench, outcomes, enqueue, startWorker },
      expect,
    }) => {
      await enqueue("plain");
      await bench.takeAndDie("plain");
      const attempts: number[] = [];
      const queue = await startWorker(async ({ attempt }) => {
        attempts.push(attempt);
      });
      await enqueue("once");
      await expect.poll(() => outcomes).toEqual([["once", "done"]]);
      await expectDepth(expect, queue, { name: "once", waiting: 0, active: 0 });
      await expectDepth(expect, queue, { name: "plain", waiting: 0, active: 1 });
      await bench.letLeasesRunOut();
      await expect.poll(() => attempts).toEqual([1, 2]);
    });

    test("buries the job whose worker died in its last run", async ({
      kit: { bench, enqueue, startWorker },
      expect,
    }) => {
      await enqueue("once");
      await bench.takeAndDie("once");
      const queue = await startWorker(async () => undefined);
      await bench.letLeasesRunOut();
      const error = expect.stringMatching(/worker died|heartbeat/);
      await expect.poll(() => queue.deadLetters(10)).toMatchObject([{ name: "once", error }]);
      await expectDepth(expect, queue, { name: "once", waiting: 0, active: 0, dead: 1 });
      await queue.retryDead({ name: "once" });
      await expectDepth(expect, queue, { name: "once", waiting: 0, active: 0, dead: 0 });
    });

    test("runs a singleton on one node at a time, and others side by side", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const now: Record<string, number> = { alone: 0, plain: 0 };
      const most: Record<string, number> = { alone: 0, plain: 0 };
      const handler: JobHandler = async ({ name }) => {
        now[name] = (now[name] ?? 0) + 1;
        most[name] = Math.max(most[name] ?? 0, now[name]);
        await new Promise((resolve) => setTimeout(resolve, 300));
        now[name] -= 1;
      };
      for (let job = 0; job < 4; job++) await Promise.all([enqueue("alone"), enqueue("plain")]);
      await Promise.all([startWorker(handler), startWorker(handler), startWorker(handler)]);
      await expect.poll(() => outcomes.length).toBe(8);
      expect(most.alone).toBe(1);
      expect(most.plain).toBeGreaterThan(1);
    });

    test("runs so many of one lane at a time, and others beside them", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const held = Promise.withResolvers<void>();
      const running: string[] = [];
      const queue = await startWorker(async ({ input }) => {
        const { lane } = input as { lane: string };
        running.push(lane);
        if (lane === "hanging") await held.promise;
      });
      for (let job = 0; job < 6; job++) await enqueue("laned", { lane: "hanging" }, { lane: "hanging" });
      await enqueue("laned", { lane: "quick" }, { lane: "quick" });
      queue.wake("laned");
      await expect.poll(() => outcomes).toEqual([["laned", "done"]]);
      expect(running.toSorted()).toEqual(["hanging", "hanging", "quick"]);
      held.resolve();
      await expect.poll(() => outcomes.length).toBe(7);
      expect(running.filter((lane) => lane === "hanging")).toHaveLength(6);
    });

    test("shares jobs out among accounts by the time that they have used", async ({
      kit: { bench, outcomes, enqueue, startWorker },
      expect,
    }) => {
      for (const id of ["slow", "quick"]) {
        const job = { name: "fair", input: { accountId: id, first: true } };
        await bench.database.run(transactions.addAccountWithJob, { id, job });
      }
      const began: string[] = [];
      const held = Promise.withResolvers<void>();
      for (let job = 0; job < 4; job++) await enqueue("fair", { accountId: "slow" });
      for (let job = 0; job < 4; job++) await enqueue("fair", { accountId: "quick" });
      const queue = await startWorker(async ({ input }) => {
        const { accountId, first } = input as { accountId: string; first?: boolean };
        if (first !== true) began.push(accountId);
        if (first !== true && began.length === 1) await held.promise;
        await new Promise((resolve) => setTimeout(resolve, accountId === "slow" ? 1500 : 50));
      });
      await expect.poll(() => began.length).toBe(1);
      held.resolve();
      queue.wake("fair");
      await expect.poll(() => outcomes.length, { timeout: 20_000 }).toBe(10);
      // Each has had one. The slow one has used as much time as many of the others.
      expect(began.indexOf("quick")).toBeLessThan(2);
      expect(began.slice(-2)).toEqual(["slow", "slow"]);
    });

    test.for(["constructor", "__proto__", undefined])(
      "runs the jobs of the lane %j like any other's",
      async (lane, { kit: { outcomes, enqueue, startWorker }, expect }) => {
        const queue = await startWorker(async () => undefined);
        for (let job = 0; job < 3; job++) await enqueue("laned", {}, lane === undefined ? {} : { lane });
        queue.wake("laned");
        await expect.poll(() => outcomes.length).toBe(3);
      },
    );

    test("gets through many jobs in a row without waiting for its next look", async ({
      kit: { bench, outcomes, startWorker },
      expect,
    }) => {
      const queue = await startWorker(async () => undefined, 30);
      await bench.database.run(transactions.enqueueTestJobs, {
        jobs: Array.from({ length: 40 }, () => ({ name: "plain", input: {} })),
      });
      queue.wake("plain");
      await expect.poll(() => outcomes.length).toBe(40);
    });

    test("holds a singleton back while a dead worker's lease lasts", async ({
      kit: { bench, outcomes, enqueue, startWorker },
      expect,
    }) => {
      await enqueue("alone");
      await bench.takeAndDie("alone");
      await enqueue("alone");
      await enqueue("plain");
      const queue = await startWorker(async () => undefined);
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      // The lease that runs out is to be the dead worker's alone.
      await expectDepth(expect, queue, { name: "plain", waiting: 0, active: 0 });
      await bench.letLeasesRunOut();
      const afterwards = () => outcomes.slice(1);
      await expect.poll(afterwards, { timeout: 20_000 }).toEqual([
        ["alone", "done"],
        ["alone", "done"],
      ]);
    });

    test("takes one job for each span of time, also when it has been done", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const every = { oncePerSeconds: 3600 * 24 * 365 };
      expect(await Promise.all([enqueue("plain", {}, every), enqueue("plain", {}, every)])).toContain(false);
      await startWorker(async () => undefined);
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      expect(await enqueue("plain", {}, every)).toBe(false);
      expect(await enqueue("once", {}, every)).toBe(true);
      expect(await enqueue("plain")).toBe(true);
    });

    test("takes one job of each lane for each span of time", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const every = { oncePerSeconds: 3600 * 24 * 365 };
      expect(await enqueue("plain", {}, { ...every, lane: "a" })).toBe(true);
      expect(await enqueue("plain", {}, { ...every, lane: "b" })).toBe(true);
      await startWorker(async () => undefined);
      await expect.poll(() => outcomes.length).toBe(2);
      expect(await enqueue("plain", {}, { ...every, lane: "a" })).toBe(false);
      expect(await enqueue("plain", {}, { ...every, lane: "b" })).toBe(false);
      expect(await enqueue("plain", {}, { ...every, lane: "c" })).toBe(true);
    });

    test("holds back what is for later", async ({ kit: { outcomes, enqueue, startWorker }, expect }) => {
      const startedAt: number[] = [];
      await startWorker(async () => {
        startedAt.push(Date.now());
      });
      const before = Date.now();
      await enqueue("plain", {}, { afterSeconds: 2 });
      await expect.poll(() => outcomes).toEqual([["plain", "done"]]);
      expect((startedAt[0] ?? 0) - before).toBeGreaterThanOrEqual(1900);
    });

    test("lets what runs finish when it is stopped, and takes nothing more", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const running = Promise.withResolvers<void>();
      const queue = await startWorker(async (_job, signal) => {
        running.resolve();
        await new Promise((resolve) => setTimeout(resolve, 500));
        signal.throwIfAborted();
      });
      await enqueue("alone");
      await enqueue("alone");
      await running.promise;
      await queue.stop(patienceMs);
      expect(outcomes).toEqual([["alone", "done"]]);
      await expectDepth(expect, queue, { name: "alone", waiting: 1, active: 0 });
    });

    test("gives back at once what works in steps, in a run that doesn't count, and lets the rest finish", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const running = new Set<string>();
      const answer = Promise.withResolvers<void>();
      const queue = await startWorker(async ({ name }, signal) => {
        running.add(name);
        if (name === "stepwise") await new Promise((_, reject) => signal.addEventListener("abort", reject));
        else await answer.promise;
        signal.throwIfAborted();
      });
      await enqueue("stepwise");
      await enqueue("plain");
      await expect.poll(() => running.size).toBe(2);
      const stopped = queue.stop(patienceMs);
      await expect.poll(() => outcomes).toEqual([["stepwise", "returned"]]);
      answer.resolve();
      await stopped;
      expect(outcomes.slice(1)).toEqual([["plain", "done"]]);
      // Another node takes it without the pause after a failure, and as the first attempt.
      const attempts: number[] = [];
      await startWorker(async (job) => {
        attempts.push(job.attempt);
      });
      await expect.poll(() => outcomes.at(-1)).toEqual(["stepwise", "done"]);
      expect(attempts).toEqual([1]);
    });

    test("aborts what doesn't finish in time, and another node does it, in a run that doesn't count", async ({
      kit: { outcomes, enqueue, startWorker },
      expect,
    }) => {
      const running = Promise.withResolvers<void>();
      const queue = await startWorker(async (_job, signal) => {
        running.resolve();
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      });
      await enqueue("once");
      await running.promise;
      const began = Date.now();
      await queue.stop(1000);
      expect(Date.now() - began).toBeLessThan(5000);
      expect(outcomes).toEqual([["once", "returned"]]);
      await startWorker(async () => undefined);
      await expect.poll(() => outcomes.at(-1)).toEqual(["once", "done"]);
    });
  });
}
