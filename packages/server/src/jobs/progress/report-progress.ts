import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import type { JobProgressKey } from "../../database/repositories/job-progress.ts";
import type { JobProgress, ReportProgress } from "./job-progress.ts";
import type { forgetJobProgress, recordJobProgress } from "./progress-transactions.ts";

export interface ProgressNeeds {
  readonly database: Pick<
    Database<{
      readonly recordJobProgress: typeof recordJobProgress;
      readonly forgetJobProgress: typeof forgetJobProgress;
    }>,
    "run"
  >;
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
  needs: ProgressNeeds,
  { isLast, signal, ...key }: JobProgressKey & { readonly isLast: boolean; readonly signal: AbortSignal },
  run: (report: ReportProgress) => Promise<void>,
): Promise<void> {
  const records = new ProgressRecords(needs, key);
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
  readonly #needs: ProgressNeeds;
  readonly #key: JobProgressKey;
  readonly #ending = new AbortController();
  #told: (JobProgress & { readonly accountId: string }) | undefined;
  #isFirst = true;
  #recording: Promise<void> | undefined;

  constructor(needs: ProgressNeeds, key: JobProgressKey) {
    this.#needs = needs;
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
    if (forgets) await this.#needs.database.run("forgetJobProgress", this.#key).catch(() => undefined);
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
    const row = { ...this.#key, account_id, ...progress, updated_at: this.#needs.now() };
    await this.#needs.database.run("recordJobProgress", { row, isFirst }).catch(() => undefined);
  }
}
