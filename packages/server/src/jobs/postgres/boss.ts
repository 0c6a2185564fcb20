import type pg from "pg";
import { type ConstructorOptions, type Db, fromKysely, PgBoss, type Queue } from "pg-boss";
import type { Connection, ExternalQueue, OutboxJob } from "../../database/connection.ts";
import { deadLetterDays, type JobRules, type JobTable } from "../job-rules.ts";
import { bossSchema, deadLetterQueue } from "../job-source.ts";

const daySeconds = 24 * 3600;

export function newBoss(pool: pg.Pool | pg.Client, options: ConstructorOptions = {}): PgBoss {
  return bossOn({ executeSql: (text: string, values?: unknown[]) => pool.query(text, values) }, options);
}

/**
 * A pg-boss that only puts jobs into the queue. It reads the queue's tables through a connection that may be for
 * reading.
 */
export function newSender(connection: Connection): PgBoss {
  return bossOn(fromKysely(connection), { supervise: false, migrate: false });
}

function bossOn(db: Db, options: ConstructorOptions): PgBoss {
  return new PgBoss({ db, schema: bossSchema, schedule: false, registerInstance: false, ...options });
}

/** Makes the queues of the table, or brings them up to date with it. Many nodes may safely do it at once. */
export async function installQueues(boss: PgBoss, table: JobTable): Promise<void> {
  await boss.createQueue(deadLetterQueue, { retentionSeconds: deadLetterDays * daySeconds });
  for (const [name, record] of Object.entries(table)) {
    const options = queueOptions(record);
    await boss.createQueue(name, { ...options, policy: record.singleton ? "singleton" : "standard" });
    await boss.updateQueue(name, options);
  }
}

function queueOptions(record: JobRules): Omit<Queue, "name"> {
  return {
    retryLimit: record.retries,
    // pg-boss doubles the delay before the first retry as well, and takes whole seconds.
    retryDelay: Math.max(1, Math.round(record.backoff.firstSeconds / 2)),
    retryBackoff: true,
    retryDelayMax: record.backoff.maxSeconds,
    expireInSeconds: record.runSeconds,
    heartbeatSeconds: record.leaseSeconds,
    retentionSeconds: deadLetterDays * daySeconds,
    deleteAfterSeconds: 30 * daySeconds,
    deadLetter: deadLetterQueue,
  };
}

/**
 * Makes the database's transactions put their jobs into the queue through this pg-boss.
 * @returns a function that ends this
 */
export function enqueueThrough(boss: PgBoss, queue: ExternalQueue): () => void {
  return queue.attach({
    put: (connection, job) => sendJob(boss, connection, job),
    putAll: (connection, jobs) => sendJobs(boss, connection, jobs),
    retryFailed: (connection, jobs) =>
      boss.redrive(deadLetterQueue, { ids: jobs.map(({ id }) => id), db: fromKysely(connection) }),
  });
}

/** @throws when the database keeps its jobs in its own table */
export function externalQueueOf({ engine }: Connection): ExternalQueue {
  if (engine.externalQueue === undefined) throw new Error("This queue needs a database on PostgreSQL.");
  return engine.externalQueue;
}

async function sendJob(boss: PgBoss, connection: Connection, job: OutboxJob): Promise<boolean> {
  const { name, input, afterSeconds, oncePerSeconds, lane } = job;
  const id = await boss.send(name, input, {
    db: fromKysely(connection),
    ...(afterSeconds === undefined ? {} : { startAfter: afterSeconds }),
    ...(oncePerSeconds === undefined ? {} : { singletonSeconds: oncePerSeconds }),
    ...(oncePerSeconds === undefined || lane === undefined ? {} : { singletonKey: lane }),
    ...(lane === undefined ? {} : { group: { id: lane } }),
  });
  return id !== null;
}

async function sendJobs(boss: PgBoss, connection: Connection, jobs: readonly OutboxJob[]): Promise<void> {
  for (const [name, named] of Map.groupBy(jobs, (job) => job.name)) {
    const rows = named.map(({ input, afterSeconds, lane }) => ({
      data: input,
      ...(afterSeconds === undefined ? {} : { startAfter: afterSeconds }),
      ...(lane === undefined ? {} : { group: { id: lane } }),
    }));
    await boss.insert(name, rows, { db: fromKysely(connection) });
  }
}
