import { afterEach, beforeEach, expect, test } from "vitest";
import { openPostgresDatabase } from "../../database/postgres/postgres-database.ts";
import { createMigratedDatabase, describePostgres, poolLimits } from "../../database/testing/postgres-database.ts";
import { testJobs } from "../testing/test-jobs.ts";
import type { TestDatabase } from "../testing/transactions.ts";
import * as transactions from "../testing/transactions.ts";
import { PostgresJobQueue } from "./postgres-job-queue.ts";
import { openPostgresJobSender } from "./postgres-job-sender.ts";

describePostgres("a process that runs no jobs", () => {
  let drop: () => Promise<void>;
  let supervisor: TestDatabase;
  let worker: TestDatabase;
  let queue: PostgresJobQueue;
  const troubles: unknown[] = [];
  const observer = { ended: () => undefined, troubled: (error: unknown) => troubles.push(error) };

  beforeEach(async () => {
    const created = await createMigratedDatabase();
    drop = created.drop;
    const { url } = created;
    supervisor = await openPostgresDatabase(url, poolLimits);
    worker = await openPostgresDatabase(url, poolLimits);
    const common = { url, limits: poolLimits, table: testJobs, observer, pollSeconds: 0.5 };
    queue = await PostgresJobQueue.open({ ...common, connection: supervisor.reader });
  });
  afterEach(async () => {
    await queue.close();
    await worker.close();
    await supervisor.close();
    await drop();
  });

  test("puts jobs into the queue that another one runs, in its transactions", async () => {
    const ran: object[] = [];
    await queue.start(async ({ input }) => void ran.push(input));
    const sender = await openPostgresJobSender(worker.reader, observer);
    try {
      expect(await worker.run(transactions.enqueueTestJob, { name: "plain", input: { one: 1 } })).toBe(true);
      const job = { name: "plain", input: { undone: true } };
      await worker.run(transactions.addAccountWithJob, { id: "a", job, ending: "roll back" });
      await worker.run(transactions.addAccountWithJob, { id: "b", job: { name: "plain", input: { two: 2 } } });
      await expect.poll(() => ran).toHaveLength(2);
      expect(ran).toEqual(expect.arrayContaining([{ one: 1 }, { two: 2 }]));
    } finally {
      await sender.close();
    }
    expect(troubles).toEqual([]);
  });

  test("enqueues nothing before it is open, and nothing afterwards", async () => {
    const enqueue = () => worker.run(transactions.enqueueTestJob, { name: "plain", input: {} });
    await expect(enqueue()).rejects.toThrow();
    const sender = await openPostgresJobSender(worker.reader, observer);
    expect(await enqueue()).toBe(true);
    await sender.close();
    await expect(enqueue()).rejects.toThrow();
    expect(await queue.depths()).toContainEqual(expect.objectContaining({ name: "plain", waiting: 1 }));
  });
});
