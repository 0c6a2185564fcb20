import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Database } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import {
  deleteJobProgress,
  deleteOldJobProgress,
  type JobProgressKey,
  type JobProgressRow,
  setJobProgress,
} from "../../database/repositories/job-progress.ts";
import { deadLetterDays } from "../job-rules.ts";

/** The part of its work that a job has done. */
export interface JobProgress {
  /** A number from 0 to 1. */
  readonly fraction: number;
  /** A sentence for people, in English. */
  readonly message: string;
}

/** Tells how far a job of the account is. It costs nothing, so it may be called as often as there is something to tell. */
export type ReportProgress = (accountId: string, progress: JobProgress) => void;

export interface ProgressDeps {
  readonly database: Pick<Database, "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The time between two records of one run. */
const pauseMs = 1000;

/**
 * Does a run of a job, and keeps what the run reports for as long as the job has not ended. What a run has told last is
 * kept for the next run, on whichever node.
 */
export async function withProgress(
  deps: ProgressDeps,
  { isLast, signal, ...key }: JobProgressKey & { readonly isLast: boolean; readonly signal: AbortSignal },
  run: (report: ReportProgress) => Promise<void>,
): Promise<void> {
  const records = new ProgressRecords(deps, key);
  try {
    await run((accountId, progress) => records.tell({ accountId, ...progress }));
  } catch (error) {
    // A run that was cut short is no failure, so the job goes on.
    await records.end({ forgets: isLast && !signal.aborted });
    throw error;
  }
  await records.end({ forgets: true });
}

/** The records of one run. Progress is only shown: a record that fails is left out, and the run goes on. */
class ProgressRecords {
  readonly #deps: ProgressDeps;
  readonly #key: JobProgressKey;
  readonly #ending = new AbortController();
  #told: (JobProgress & { readonly accountId: string }) | undefined;
  #isFirst = true;
  #recording: Promise<void> | undefined;

  constructor(deps: ProgressDeps, key: JobProgressKey) {
    this.#deps = deps;
    this.#key = key;
  }

  /** Records the first report at once, and later the newest one after each pause. */
  tell(told: JobProgress & { readonly accountId: string }): void {
    this.#told = told;
    this.#recording ??= this.#recordAll().finally(() => {
      this.#recording = undefined;
    });
  }

  async end({ forgets }: { readonly forgets: boolean }): Promise<void> {
    this.#ending.abort();
    await this.#recording;
    if (forgets) await this.#deps.database.run(forgetJobProgress, this.#key).catch(() => undefined);
    else await this.#record();
  }

  async #recordAll(): Promise<void> {
    const { signal } = this.#ending;
    while (this.#told !== undefined && !signal.aborted) {
      await this.#record();
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #record(): Promise<void> {
    const told = this.#told;
    if (told === undefined) return;
    const isFirst = this.#isFirst;
    this.#told = undefined;
    this.#isFirst = false;
    const { accountId: account_id, message, fraction } = told;
    const progress = { fraction: Math.min(Math.max(fraction, 0), 1), message };
    const row = { ...this.#key, account_id, ...progress, updated_at: this.#deps.now() };
    await this.#deps.database.run(recordJobProgress, { row, isFirst }).catch(() => undefined);
  }
}

const dayMs = 24 * 3600 * 1000;

/**
 * Records how far a job is. An account that is being erased gets no more rows.
 * @param isFirst whether the run has recorded nothing before. What jobs have left whose workers died in their last run
 * goes with that.
 */
export async function recordJobProgress(
  connection: Connection,
  { row, isFirst }: { readonly row: JobProgressRow; readonly isFirst: boolean },
): Promise<void> {
  if (!(await holdActiveAccount(connection, row.account_id))) return;
  if (isFirst) await deleteOldJobProgress(connection, row.updated_at - deadLetterDays * dayMs);
  await setJobProgress(connection, row);
}

export async function forgetJobProgress(connection: Connection, key: JobProgressKey): Promise<void> {
  await deleteJobProgress(connection, key);
}
