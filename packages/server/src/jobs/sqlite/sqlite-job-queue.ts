import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../database/database.ts";
import {
  countJobs,
  findDueJobs,
  findDueJobsInLane,
  findLanes,
  type JobRow,
  listDeadJobs,
} from "../../database/repositories/jobs.ts";
import { assignHandlers, type NamedHandler } from "../assign-handlers.ts";
import { depthsOf } from "../depths-of.ts";
import { describeFailure } from "../describe-failure.ts";
import type { DeadLetter, JobHandler, JobObserver, JobQueue, QueueDepth, RunningJob } from "../job-queue.ts";
import { JobRuns } from "../job-runs.ts";
import type { JobRecord, JobRecords } from "../job-table.ts";
import { retryDelayMs } from "../retry-delay.ts";
import type { ClaimRule, claimJobs, endJob, extendJobLease, JobEnding, retryDeadJobs } from "./job-transactions.ts";

/** What the queue needs of the database: its writer runs the scripts. */
export interface JobDatabase {
  readonly reader: Connection;
  run(name: "claimJobs", input: Parameters<typeof claimJobs>[1]): ReturnType<typeof claimJobs>;
  run(name: "extendJobLease", input: Parameters<typeof extendJobLease>[1]): ReturnType<typeof extendJobLease>;
  run(name: "retryDeadJobs", input: Parameters<typeof retryDeadJobs>[1]): ReturnType<typeof retryDeadJobs>;
  run(name: "endJob", input: Parameters<typeof endJob>[1]): ReturnType<typeof endJob>;
}

/** Between two looks for work while one is asked for again and again: each upload may wake the queue. */
const pauseMs = 5;

/** A table and one poller per process; every claim goes through the one writer, so two never take the same job. */
export class SqliteJobQueue implements JobQueue {
  readonly #database: JobDatabase;
  readonly #table: JobRecords;
  readonly #observer: JobObserver;
  readonly #pollMs: number;
  readonly #runs = new JobRuns();
  #handlers: ReadonlyMap<string, JobHandler> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #wanted = new Set<string>();
  #stopped = true;

  /** @param pollMs how often it looks for work of which nobody has told it */
  constructor(database: JobDatabase, table: JobRecords, observer: JobObserver, pollMs = 1000) {
    this.#database = database;
    this.#table = table;
    this.#observer = observer;
    this.#pollMs = pollMs;
  }

  async start(handlers: readonly NamedHandler[]): Promise<void> {
    this.#handlers = assignHandlers(this.#table, handlers);
    this.#stopped = false;
    this.#timer = setInterval(() => this.wake(), this.#pollMs).unref();
    this.wake();
  }

  wake(name?: string): void {
    for (const wanted of name === undefined ? Object.keys(this.#table) : [name]) this.#wanted.add(wanted);
    if (this.#stopped) return;
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
  }

  async stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#polling;
    await this.#runs.end(patienceMs);
  }

  close(): Promise<void> {
    return this.stop(0);
  }

  async depths(): Promise<QueueDepth[]> {
    return depthsOf(this.#table, await countJobs(this.#database.reader, Date.now()));
  }

  async deadLetters(limit: number): Promise<DeadLetter[]> {
    return (await listDeadJobs(this.#database.reader, limit)).map((row) => ({
      id: row.id,
      name: row.name,
      input: JSON.parse(row.input),
      error: row.error ?? "",
      diedAt: new Date(row.ended_at ?? 0),
    }));
  }

  async retryDead(which: { readonly id: string } | { readonly name: string }): Promise<number> {
    const count = await this.#database.run("retryDeadJobs", which);
    this.wake();
    return count;
  }

  async #poll(): Promise<void> {
    try {
      while (this.#wanted.size > 0 && !this.#stopped) {
        const names = [...this.#wanted];
        this.#wanted.clear();
        await this.#claim(names);
        if (this.#wanted.size > 0) await sleep(pauseMs);
      }
    } catch (error) {
      this.#observer.troubled(error);
    }
  }

  async #claim(names: readonly string[]): Promise<void> {
    const rules = await this.#rulesOfDueJobs(names);
    if (rules.length === 0) return;
    const { claimed, buried } = await this.#database.run("claimJobs", { rules });
    for (const row of buried) this.#observer.ended(jobOf(row), "dead", row.error ?? undefined);
    for (const row of claimed) void this.#runs.add(row.name, (ending) => this.#run(row, ending), row.lane);
  }

  /** Looks with the reader first, so that an idle queue writes nothing. */
  async #rulesOfDueJobs(names: readonly string[]): Promise<ClaimRule[]> {
    const now = Date.now();
    const rules: ClaimRule[] = [];
    for (const name of names) {
      const record = this.#table[name];
      const free = (record?.concurrency ?? 0) - this.#runs.count(name);
      if (record === undefined || free <= 0) continue;
      const { retries, leaseSeconds, singleton, laneConcurrency } = record;
      const rule: ClaimRule = { name, free, retries, leaseMs: leaseSeconds * 1000, singleton };
      if (laneConcurrency !== undefined) {
        const lanes = await this.#lanesWithDueJobs(name, laneConcurrency, now);
        if (lanes.length > 0) rules.push({ ...rule, lanes });
      } else if ((await findDueJobs(this.#database.reader, name, now, 1)).length > 0) rules.push(rule);
    }
    return rules;
  }

  /** In an order of chance, so that where there are more than can run at once each has its turn. */
  async #lanesWithDueJobs(name: string, most: number, now: number): Promise<{ lane: string; free: number }[]> {
    const { reader } = this.#database;
    const lanes = [];
    for (const lane of await findLanes(reader, name)) {
      const free = most - this.#runs.countInLane(name, lane);
      if (free <= 0 || (await findDueJobsInLane(reader, { name, lane, now, limit: 1 })).length === 0) continue;
      lanes.push({ lane, free, order: Math.random() });
    }
    return lanes.sort((one, other) => one.order - other.order).map(({ lane, free }) => ({ lane, free }));
  }

  async #run(row: JobRow, ending: AbortSignal): Promise<void> {
    const record = this.#table[row.name];
    const handler = this.#handlers.get(row.name);
    if (record === undefined || handler === undefined) throw new Error(`The job ${row.name} is not in the table.`);
    const job = jobOf(row);
    const result = await this.#handle(job, record, handler, ending);
    try {
      const ours = await this.#database.run("endJob", { id: row.id, attempts: row.attempts, ending: result });
      if (ours) this.#observer.ended(job, result.outcome, "error" in result ? result.error : undefined);
    } catch (error) {
      // Its lease runs out, and then it runs again.
      this.#observer.troubled(error);
    }
    this.wake(row.name);
  }

  async #handle(job: RunningJob, record: JobRecord, handler: JobHandler, ending: AbortSignal): Promise<JobEnding> {
    const own = new AbortController();
    const limit = setTimeout(() => own.abort(new Error("the run took too long")), record.runSeconds * 1000).unref();
    const leaseMs = record.leaseSeconds * 1000;
    const heartbeat = setInterval(() => void this.#extend(job, leaseMs, own), leaseMs / 3).unref();
    try {
      await handler(job, AbortSignal.any([own.signal, ending]));
      return { outcome: "done" };
    } catch (error) {
      if (ending.aborted) return { outcome: "returned" };
      const reason = describeFailure(error);
      if (job.attempt > record.retries) return { outcome: "dead", error: reason };
      return { outcome: "failed", error: reason, retryInMs: retryDelayMs(record, job.attempt) };
    } finally {
      clearTimeout(limit);
      clearInterval(heartbeat);
    }
  }

  async #extend(job: RunningJob, leaseMs: number, run: AbortController): Promise<void> {
    try {
      const ours = await this.#database.run("extendJobLease", { id: job.id, attempts: job.attempt, leaseMs });
      if (!ours) run.abort(new Error("the lease was lost"));
    } catch (error) {
      this.#observer.troubled(error);
    }
  }
}

function jobOf({ id, name, input, attempts }: JobRow): RunningJob {
  return { id, name, input: JSON.parse(input), attempt: attempts };
}
