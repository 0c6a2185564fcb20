import pg from "pg";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { closeMs, endedWithin } from "../../concurrency/ended-within.ts";
import type { Connection, ExternalQueue } from "../../database/connection.ts";
import { DatabaseError } from "../../database/database.ts";
import { clientConfig, type PoolLimits } from "../../database/postgres/pool.ts";
import { PoolSockets } from "../../database/postgres/pool-sockets.ts";
import { describeFailure } from "../describe-failure.ts";
import {
  type DeadLetter,
  depthsOf,
  type JobHandler,
  type JobObserver,
  type JobQueue,
  type QueueDepth,
  type RunningJob,
} from "../job-queue.ts";
import { type JobRules, type JobTable, usedTime } from "../job-rules.ts";
import { JobRuns } from "../job-runs.ts";
import { deadLetterQueue } from "../job-source.ts";
import { enqueueThrough, externalQueueOf, newBoss } from "./boss.ts";
import { countQueued, listDeadLetters, returnJob } from "./boss-rows.ts";
import { chargeBossTime, orderFairly } from "./boss-turns.ts";
import { installBoss } from "./install-boss.ts";
import { WorkerCrew } from "./worker-crew.ts";

export interface PostgresJobQueueOptions {
  readonly url: string;
  readonly limits: PoolLimits;
  /** A connection of the database whose transactions put jobs into the queue. */
  readonly connection: Connection;
  readonly table: JobTable;
  readonly observer: JobObserver;
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined;
  /** The interval at which the queue looks for work and for dead workers. */
  readonly pollSeconds?: number;
  readonly superviseSeconds?: number;
}

const answerMs = 3000;

/**
 * The number of connections that the queue has of its own, so that it takes none from uploads and uploads take none
 * from it.
 */
const connections = 2;
/** pg-boss's maintenance may take longer than a statement of a request. */
const statementMs = 60_000;

interface BossPool {
  readonly pool: pg.Pool;
  readonly sockets: Pick<PoolSockets, "whileWanted">;
  /** Runs `before` with the connections, then ends them. Cuts them off when this takes too long. */
  end(before: () => Promise<void>): Promise<void>;
}

/** A job queue on pg-boss, with a few connections of its own. */
export class PostgresJobQueue implements JobQueue {
  readonly #pool: BossPool;
  readonly #boss: PgBoss;
  readonly #options: PostgresJobQueueOptions;
  readonly #outside: ExternalQueue;
  readonly #runs = new JobRuns();
  readonly #crews = new Map<string, WorkerCrew>();
  #endEnqueuing: (() => void) | undefined;
  #stopped = true;
  #stopping: Promise<void> | undefined;
  #counting: ReturnType<typeof countQueued> | undefined;

  /** Installs pg-boss where it is missing, and lets transactions enqueue from now on. */
  static async open(options: PostgresJobQueueOptions): Promise<PostgresJobQueue> {
    const outside = externalQueueOf(options.connection);
    await installBoss(options.url, options.limits, options.table, options.signal);
    const queue = new PostgresJobQueue(options, outside);
    await queue.#open();
    return queue;
  }

  private constructor(options: PostgresJobQueueOptions, outside: ExternalQueue) {
    this.#options = options;
    this.#outside = outside;
    this.#pool = openBossPool(options.url, options.limits);
    const { superviseSeconds = 30 } = options;
    this.#boss = newBoss(this.#pool.pool, {
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
    });
    this.#boss.on("error", (error) => options.observer.troubled(error));
    this.#boss.on("warning", ({ message }) => options.observer.troubled(new Error(message)));
  }

  async start(handler: JobHandler): Promise<void> {
    const { table, pollSeconds: pollingIntervalSeconds = 2 } = this.#options;
    this.#stopped = false;
    for (const [name, record] of Object.entries(table)) {
      const { concurrency, laneConcurrency } = record.onPostgres ?? record;
      if (concurrency === 0) continue;
      const crew = new WorkerCrew(this.#boss, name);
      const options = {
        includeMetadata: true,
        localConcurrency: concurrency,
        pollingIntervalSeconds,
        ...(laneConcurrency === undefined ? {} : { localGroupConcurrency: laneConcurrency }),
      } as const;
      await this.#boss.work<object, void, typeof options>(name, options, async ([job]) => {
        if (job === undefined) return;
        await crew.work(() =>
          this.#runs.add({ name, whenStopped: record.whenStopped }, (ending) =>
            this.#run(job, record, handler, ending),
          ),
        );
      });
      this.#crews.set(name, crew);
    }
  }

  wake(name?: string): void {
    if (name === undefined) for (const crew of this.#crews.values()) crew.wake();
    else this.#crews.get(name)?.wake();
  }

  stop(patienceMs: number): Promise<void> {
    this.#stopping ??= this.#stop(patienceMs);
    return this.#stopping;
  }

  async #stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    const names = [...this.#crews.keys()];
    this.#crews.clear();
    const crewsEnd = Promise.all(names.map((name) => this.#boss.offWork(name, { wait: true })));
    await Promise.all([this.#runs.end(patienceMs), endedWithin(patienceMs + closeMs, crewsEnd)]);
  }

  async close(): Promise<void> {
    await this.stop(0);
    this.#endEnqueuing?.();
    await this.#pool.end(() => this.#boss.stop({ graceful: false }));
  }

  /**
   * Counts once at a time: with a server that hangs, repeated calls would otherwise take up all of the queue's
   * connections.
   */
  async depths(): Promise<QueueDepth[]> {
    this.#counting ??= countQueued(this.#pool.pool).finally(() => {
      this.#counting = undefined;
    });
    const counts = await endedWithin(answerMs, this.#counting);
    if (counts === undefined) throw new DatabaseError("The database doesn't answer.");
    return depthsOf(this.#options.table, counts);
  }

  deadLetters(limit: number, name?: string): Promise<DeadLetter[]> {
    return listDeadLetters(this.#pool.pool, limit, name);
  }

  async retryDead(which: { readonly id: string } | { readonly name: string }): Promise<number> {
    if ("id" in which) return isUuid(which.id) ? this.#boss.redrive(deadLetterQueue, { ids: [which.id] }) : 0;
    let count = 0;
    for (;;) {
      const moved = await this.#boss.redrive(deadLetterQueue, { sourceName: which.name });
      if (moved === 0) return count;
      count += moved;
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#pool.sockets.whileWanted(this.#options.signal, () => this.#boss.start());
      this.#endEnqueuing = enqueueThrough(this.#boss, this.#outside);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #run(row: JobWithMetadata<object>, record: JobRules, handler: JobHandler, ending: AbortSignal): Promise<void> {
    const { observer } = this.#options;
    const { retries } = record;
    // Each run that was cut short has raised the limit by one.
    const cutShort = Math.max(row.retryLimit - retries, 0);
    const attempt = Math.max(row.retryCount + 1 - cutShort, 1);
    const job: RunningJob = { id: row.id, name: row.name, input: row.data, attempt };
    // A job that was fetched while the queue stopped goes back.
    const late = this.#stopped;
    try {
      if (late) throw new Error("the process ends");
      await this.#inTurn(job, record, () => handler(job, AbortSignal.any([row.signal, ending])));
    } catch (error) {
      const reason = describeFailure(error);
      if (late || ending.aborted) {
        const returned = returnJob(this.#pool.pool, row).catch((trouble: unknown) => observer.troubled(trouble));
        await endedWithin(answerMs, returned);
        observer.ended(job, "returned", reason);
      } else observer.ended(job, row.retryCount < row.retryLimit ? "failed" : "dead", reason);
      // pg-boss stores everything that is on the error it gets, so it gets only the line.
      throw new Error(reason);
    }
    observer.ended(job, "done");
  }

  /** Runs a job, and has the queue give the next turns to other accounts, if the job is shared out fairly. */
  async #inTurn(job: RunningJob, record: JobRules, run: () => Promise<void>): Promise<void> {
    const { fairBy: member } = record;
    if (member === undefined) return run();
    const { name, id } = job;
    const { pool } = this.#pool;
    // Without the order, jobs are taken in the order in which they came.
    const troubled = (error: unknown): void => this.#options.observer.troubled(error);
    await orderFairly(pool, { name, member }).catch(troubled);
    const began = performance.now();
    try {
      await run();
    } finally {
      const used = usedTime(record, job, performance.now() - began);
      const settle = async (): Promise<void> => {
        if (used !== undefined) await chargeBossTime(pool, used);
        await orderFairly(pool, { name, member, ended: id });
      };
      // A database that hangs doesn't hold the end of the run up.
      await endedWithin(answerMs, settle().catch(troubled));
    }
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function openBossPool(url: string, limits: PoolLimits): BossPool {
  const sockets = new PoolSockets();
  const pool = new pg.Pool({
    ...clientConfig(url, limits),
    statement_timeout: statementMs,
    query_timeout: statementMs,
    max: connections,
    stream: sockets.create,
  });
  // The next user of a broken connection gets the error. An error event without a listener would end the process.
  pool.on("error", () => undefined);
  return {
    pool,
    sockets,
    end: (before) => sockets.endWithin(closeMs, () => before().finally(() => pool.end())),
  };
}
