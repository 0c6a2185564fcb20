import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { listDeadJobs } from "../../database/repositories/dead-jobs.ts";
import type { UsedTime } from "../../database/repositories/job-turns.ts";
import { countJobs, type JobRow, type JobRun } from "../../database/repositories/jobs.ts";
import { ProcessLoad } from "../../observability/process-load.ts";
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
import { type JobRules, type JobTable, retryDelayMs, usedTime } from "../job-rules.ts";
import { JobRuns } from "../job-runs.ts";
import { BatchPause } from "./batch-pause.ts";
import {
  type ClaimRule,
  extendJobLease,
  hasDueJobs,
  type JobEnding,
  retryDeadJobs,
  turnJobs,
} from "./job-transactions.ts";

/** The parts of the database that the queue needs. The database's writer runs the scripts. */
export type JobDatabase = Pick<Database, "reader" | "run">;

/** A run that has ended and is not recorded yet. */
interface Ended {
  readonly row: JobRow;
  readonly ending: JobEnding;
  readonly used: UsedTime | undefined;
  /** Called with whether the job was still the queue's own. */
  readonly settle: (ours: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** A table and one poller per process; every claim goes through the one writer, so two never take the same job. */
export class SqliteJobQueue implements JobQueue {
  readonly #database: JobDatabase;
  readonly #table: JobTable;
  readonly #observer: JobObserver;
  readonly #pollMs: number;
  readonly #runs = new JobRuns();
  readonly #load = new ProcessLoad();
  readonly #pace = new BatchPause(() => this.#load.look());
  #handler: JobHandler | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  /** The names of jobs to take. The value is true when the queue was told that there are jobs of the name. */
  readonly #wanted = new Map<string, boolean>();
  #ended: Ended[] = [];
  #stopped = true;

  /** @param pollMs how often the queue looks for work that it was not told of */
  constructor(database: JobDatabase, table: JobTable, observer: JobObserver, pollMs = 1000) {
    this.#database = database;
    this.#table = table;
    this.#observer = observer;
    this.#pollMs = pollMs;
  }

  async start(handler: JobHandler): Promise<void> {
    this.#handler = handler;
    this.#stopped = false;
    this.#timer = setInterval(() => this.wake(), this.#pollMs).unref();
    this.wake();
  }

  wake(name?: string): void {
    if (name === undefined) for (const wanted of Object.keys(this.#table)) this.#want(wanted, false);
    else this.#want(name, true);
    if (!this.#stopped) this.#poll();
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

  async deadLetters(limit: number, name?: string): Promise<DeadLetter[]> {
    return (await listDeadJobs(this.#database.reader, limit, name)).map((row) => ({
      id: row.id,
      name: row.name,
      input: JSON.parse(row.input),
      error: row.error ?? "",
      diedAt: new Date(row.ended_at ?? 0),
    }));
  }

  async retryDead(which: { readonly id: string } | { readonly name: string }): Promise<number> {
    const count = await this.#database.run(retryDeadJobs, which);
    this.wake();
    return count;
  }

  #want(name: string, sure: boolean): void {
    this.#wanted.set(name, sure || this.#wanted.get(name) === true);
  }

  #poll(): void {
    this.#polling ??= this.#takeTurns().finally(() => {
      this.#polling = undefined;
      // Work may have come while the turns ended.
      if (this.#hasWork()) this.#poll();
    });
  }

  #hasWork(): boolean {
    return this.#ended.length > 0 || (this.#wanted.size > 0 && !this.#stopped);
  }

  async #takeTurns(): Promise<void> {
    let overdueMs = 0;
    while (this.#hasWork()) {
      const ended = this.#ended;
      this.#ended = [];
      try {
        overdueMs = await this.#turn(ended);
      } catch (error) {
        // Their leases run out, and then the jobs run again.
        for (const { fail } of ended) fail(error);
        this.#observer.troubled(error);
      }
      if (this.#hasWork()) await sleep(this.#pace.pauseMs(overdueMs));
    }
  }

  /** @returns for how many milliseconds the taken jobs have been due */
  async #turn(ended: readonly Ended[]): Promise<number> {
    const rules = this.#stopped ? [] : await this.#rulesOfWanted(ended);
    if (rules.length === 0 && ended.length === 0) return 0;
    const endings = ended.map(({ row, ending, used }) => ({ ...runOf(row), ending, used }));
    const { ours, claimed, overdueMs, buried } = await this.#database.run(turnJobs, { endings, rules });
    for (const [index, { settle }] of ended.entries()) settle(ours[index] === true);
    for (const row of buried) this.#observer.ended(jobOf(row), "dead", row.error ?? undefined);
    for (const row of claimed) this.#begin(row);
    return overdueMs;
  }

  #begin(row: JobRow): void {
    const record = this.#table[row.name];
    if (record === undefined) throw new Error(`The job ${row.name} is not in the table.`);
    const { name, lane } = row;
    void this.#runs.add({ name, lane, whenStopped: record.whenStopped }, (ending) => this.#run(row, record, ending));
  }

  /** @param ended runs whose places are free from this turn on */
  async #rulesOfWanted(ended: readonly Ended[]): Promise<ClaimRule[]> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const rules: ClaimRule[] = [];
    for (const [name, sure] of wanted) {
      const record = this.#table[name];
      const over = ended.filter(({ row }) => row.name === name);
      const free = (record?.concurrency ?? 0) - this.#runs.count(name) + over.length;
      if (record === undefined || free <= 0) continue;
      // Where the queue was told of no job, the reader looks first, so that an idle queue writes nothing.
      if (!sure && !(await hasDueJobs(this.#database.reader, name, Date.now()))) continue;
      const { retries, leaseSeconds, singleton, fairBy, laneConcurrency: maxRunning } = record;
      const rule: ClaimRule = {
        name,
        free,
        retries,
        leaseMs: leaseSeconds * 1000,
        singleton,
        ...(fairBy && { fairBy }),
      };
      if (maxRunning === undefined) rules.push(rule);
      else rules.push({ ...rule, lanes: { maxRunning, running: this.#runningInLanes(name, over) } });
    }
    return rules;
  }

  #runningInLanes(name: string, over: readonly Ended[]): ReadonlyMap<string, number> {
    const running = this.#runs.countInLanes(name);
    for (const { row } of over) running.set(row.lane, (running.get(row.lane) ?? 0) - 1);
    return running;
  }

  async #run(row: JobRow, record: JobRules, ending: AbortSignal): Promise<void> {
    const handler = this.#handler;
    if (handler === undefined) throw new Error("The queue has taken a job before it was started.");
    const job = jobOf(row);
    const began = performance.now();
    const result = await this.#handle(row, record, (signal) => handler(job, signal), ending);
    try {
      if (await this.#writeDown(row, result, usedTime(record, job, performance.now() - began))) {
        this.#observer.ended(job, result.outcome, "error" in result ? result.error : undefined);
      }
    } catch {
      // The turn has reported the failure, together with everything else that it was to write.
    }
  }

  /**
   * Records the ending with the next turn, in which another job may take its place.
   * @returns false when another worker had the job by then
   */
  #writeDown(row: JobRow, ending: JobEnding, used: UsedTime | undefined): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#ended.push({ row, ending, used, settle: resolve, fail: reject });
    this.#want(row.name, true);
    this.#poll();
    return promise;
  }

  async #handle(
    row: JobRow,
    record: JobRules,
    work: (signal: AbortSignal) => Promise<void>,
    ending: AbortSignal,
  ): Promise<JobEnding> {
    const own = new AbortController();
    const limit = setTimeout(() => own.abort(new Error("the run took too long")), record.runSeconds * 1000).unref();
    const leaseMs = record.leaseSeconds * 1000;
    const heartbeat = setInterval(() => void this.#extend(runOf(row), leaseMs, own), leaseMs / 3).unref();
    // Done by hand, because `AbortSignal.any` makes weak references, which the garbage collector has to follow.
    const end = (): void => own.abort(ending.reason);
    ending.addEventListener("abort", end, { once: true });
    try {
      ending.throwIfAborted();
      await work(own.signal);
      return { outcome: "done" };
    } catch (error) {
      if (ending.aborted) return { outcome: "returned" };
      const reason = describeFailure(error);
      if (row.attempts > record.retries) return { outcome: "dead", error: reason };
      return { outcome: "failed", error: reason, retryInMs: retryDelayMs(record, row.attempts) };
    } finally {
      clearTimeout(limit);
      clearInterval(heartbeat);
      ending.removeEventListener("abort", end);
    }
  }

  async #extend(job: JobRun, leaseMs: number, run: AbortController): Promise<void> {
    try {
      const ours = await this.#database.run(extendJobLease, { ...job, leaseMs });
      if (!ours) run.abort(new Error("the lease was lost"));
    } catch (error) {
      this.#observer.troubled(error);
    }
  }
}

function runOf({ id, name, lane, attempts }: JobRow): JobRun {
  return { id, name, lane, attempts };
}

function jobOf({ id, name, input, attempts }: JobRow): RunningJob {
  return { id, name, input: JSON.parse(input), attempt: attempts };
}
