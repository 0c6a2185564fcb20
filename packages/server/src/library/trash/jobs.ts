import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { earlierClock } from "../../database/clock.ts";
import type { Database } from "../../database/database.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { type SweepingDeps, sweeping } from "../../jobs/sweeping.ts";
import { noProgress } from "../../observability/progress.ts";
import { type EmptyTrashInput, emptyTrashKind } from "./job-kinds.ts";
import type { TrashDeps } from "./manage-trash.ts";
import { continueEmptyingTrash, deleteOverdueTrash } from "./trash-transactions.ts";

interface SweepTrashDeps {
  readonly database: Pick<Database, "reader" | "run">;
  readonly now: TrashDeps["now"];
}

/**
 * Deletes for good, in short transactions, the files whose time in the trash is over. A sweep that broke off is gone on
 * with by the next one.
 * @returns how many files
 */
export async function sweepTrash(
  { database, now }: SweepTrashDeps,
  signal: AbortSignal,
  progress = noProgress,
): Promise<number> {
  const until = await earlierClock(database.reader, now());
  for (let files = 0; ; ) {
    signal.throwIfAborted();
    const count = await database.run(deleteOverdueTrash, { now: until });
    if (count === 0) return files;
    files += count;
    progress.advance(count);
  }
}

const maxPauseMs = 100;

/** Between two steps the job rests as long as a step took, so that uploads and other requests have their turn. */
export const emptyTrashJob = defineJob<TrashDeps, EmptyTrashInput>({
  kind: emptyTrashKind,
  retries: 12,
  backoff: { firstSeconds: 1, maxSeconds: 300 },
  leaseSeconds: 30,
  runSeconds: 6 * 3600,
  singleton: false,
  concurrency: 2,
  laneConcurrency: 1,
  whenStopped: "returns",
  owners: [{ member: "accountId", table: "accounts" }],
  async run({ database, now }, { input }, signal) {
    for (;;) {
      signal.throwIfAborted();
      const began = performance.now();
      if (await database.run(continueEmptyingTrash, { ...input, now: now() })) return;
      await sleep(Math.min(performance.now() - began, maxPauseMs), undefined, { signal });
    }
  },
});

export const sweepTrashJob = defineJob<TrashDeps & SweepingDeps & { readonly logger: Logger }, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-trash"),
  async run(deps, _run, signal) {
    deps.logger.debug({ trashedFiles: await sweepTrash(deps, signal) }, "deleted what was in the trash too long");
  },
});
