import { expect, test } from "vitest";
import { startPostgresProxy } from "../../../../../scripts/services/postgres-proxy.ts";
import { openPostgresDatabase } from "../../database/postgres/postgres-database.ts";
import {
  createMigratedDatabase,
  createTestDatabase,
  describePostgres,
  poolLimits,
} from "../../database/testing/postgres-database.ts";
import { openOtherPool } from "../../testing/other-pool.ts";
import type { JobHandler } from "../job-queue.ts";
import { bossSchema } from "../job-source.ts";
import { describeJobQueue, type JobQueueBench } from "../testing/job-queue-conformance.ts";
import { testJobs } from "../testing/test-jobs.ts";
import * as transactions from "../testing/transactions.ts";
import { newBoss } from "./boss.ts";
import { PostgresJobQueue } from "./postgres-job-queue.ts";

const quiet = { ended: () => undefined, troubled: () => undefined };

async function openBench(): Promise<JobQueueBench> {
  const { url, drop } = await createMigratedDatabase();
  const database = await openPostgresDatabase(url, poolLimits);
  const other = openOtherPool(url, 1);
  const common = { url, limits: poolLimits, connection: database.reader, table: testJobs };
  const queues: PostgresJobQueue[] = [];
  const openQueue: JobQueueBench["openQueue"] = async (observer, pollSeconds = 0.5) => {
    const queue = await PostgresJobQueue.open({ ...common, observer, pollSeconds, superviseSeconds: 1 });
    queues.push(queue);
    return queue;
  };
  // A queue must be open before transactions can enqueue.
  await openQueue(quiet);
  return {
    database,
    openQueue,
    async takeAndDie(name) {
      const boss = newBoss(other, { supervise: false });
      await boss.start();
      expect(await boss.fetch(name)).toHaveLength(1);
      await boss.stop({ graceful: false });
    },
    async letLeasesRunOut() {
      await other.query(`update ${bossSchema}.job set heartbeat_on = now() - interval '1 day' where state = 'active'`);
    },
    async close() {
      for (const queue of queues) await queue.close();
      await other.end();
      await database.close();
      await drop();
    },
  };
}

describePostgres("on PostgreSQL", () => {
  describeJobQueue("pg-boss", openBench);

  // It waits for longer than the shortest lease of pg-boss, while other tests run.
  test.concurrent("a run that outlasts its lease keeps the job by its signs of life", async ({ expect }) => {
    const bench = await openBench();
    const queues = await Promise.all([bench.openQueue(quiet), bench.openQueue(quiet)]);
    try {
      let runs = 0;
      const done = Promise.withResolvers<void>();
      const handler: JobHandler = async (_job, signal) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 1000 * (testJobs.plain.leaseSeconds + 4)));
        signal.throwIfAborted();
        done.resolve();
      };
      for (const queue of queues) {
        await queue.start(handler);
      }
      await bench.database.run(transactions.enqueueTestJob, { name: "plain", input: {} });
      await done.promise;
      expect(runs).toBe(1);
    } finally {
      await bench.close();
    }
  }, 60_000);

  test("ten nodes that start at once find one queue, and a job that one of them enqueues is run by one", async () => {
    const { url, drop } = await createTestDatabase();
    const limits = { ...poolLimits, databaseConnections: 2 };
    const nodes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const database = await openPostgresDatabase(url, limits);
        const common = { url, limits, table: testJobs, observer: quiet, pollSeconds: 0.5 };
        return { database, queue: await PostgresJobQueue.open({ ...common, connection: database.reader }) };
      }),
    );
    try {
      let runs = 0;
      const handler = async () => {
        runs += 1;
      };
      await Promise.all(nodes.map(({ queue }) => queue.start(handler)));
      const every = { oncePerSeconds: 3600 * 24 * 365 };
      const enqueued = await Promise.all(
        nodes.map(({ database }) => database.run(transactions.enqueueTestJob, { name: "plain", input: {}, ...every })),
      );
      expect(enqueued.filter(Boolean)).toHaveLength(1);
      await expect.poll(() => runs).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(runs).toBe(1);
    } finally {
      for (const { queue, database } of nodes) {
        await queue.close();
        await database.close();
      }
      await drop();
    }
  });

  test("how much there is to do is not waited for when the server hangs", async () => {
    const { url, drop } = await createTestDatabase();
    const proxy = await startPostgresProxy(url);
    const database = await openPostgresDatabase(url, poolLimits);
    const common = { limits: poolLimits, table: testJobs, observer: quiet, connection: database.reader };
    const queue = await PostgresJobQueue.open({ ...common, url: proxy.url });
    try {
      proxy.stalled = true;
      const began = performance.now();
      const looks = await Promise.allSettled([queue.depths(), queue.depths(), queue.depths()]);
      expect(looks.map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
      expect(performance.now() - began).toBeLessThan(5000);
    } finally {
      await proxy.close();
      await queue.close();
      await database.close();
      await drop();
    }
  });
});
