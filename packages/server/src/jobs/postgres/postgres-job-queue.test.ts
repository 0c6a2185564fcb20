import pg from "pg";
import { expect, test } from "vitest";
import { openPostgresDatabase } from "../../database/postgres/postgres-database.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../../database/testing/postgres-database.ts";
import { describeJobQueue, type JobQueueBench } from "../testing/job-queue-conformance.ts";
import { testJobs } from "../testing/test-jobs.ts";
import { transactions } from "../testing/transactions.ts";
import { bossSchema, newBoss } from "./boss.ts";
import { installBoss } from "./install-boss.ts";
import { PostgresJobQueue } from "./postgres-job-queue.ts";

async function openBench(): Promise<JobQueueBench> {
  const { url, drop } = await createTestDatabase();
  const database = await openPostgresDatabase(url, transactions, poolLimits);
  const other = new pg.Pool({ connectionString: url, max: 1 });
  const common = { url, limits: poolLimits, connection: database.reader, table: testJobs };
  const queues: PostgresJobQueue[] = [];
  const openQueue: JobQueueBench["openQueue"] = async (observer) => {
    const queue = await PostgresJobQueue.open({ ...common, observer, pollSeconds: 0.5, superviseSeconds: 1 });
    queues.push(queue);
    return queue;
  };
  // Somebody must be there for transactions to enqueue.
  await openQueue({ ended: () => undefined, troubled: () => undefined });
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

  test("ten nodes that start at once install the queue once, and again changes nothing", async () => {
    const { url, drop } = await createTestDatabase();
    try {
      await Promise.all(Array.from({ length: 10 }, () => installBoss(url, poolLimits, testJobs)));
      await installBoss(url, poolLimits, testJobs);
      const client = new pg.Client(url);
      await client.connect();
      const { rows } = await client.query(`select name, policy from ${bossSchema}.queue order by name`);
      await client.end();
      expect(rows).toEqual([
        { name: "alone", policy: "singleton" },
        { name: "dead-letters", policy: "standard" },
        { name: "once", policy: "standard" },
        { name: "plain", policy: "standard" },
      ]);
    } finally {
      await drop();
    }
  });
});
