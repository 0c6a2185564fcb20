import { SluiceError } from "@sluice/protocol";
import { type CompleteSession, listCompleteSessions } from "../../database/repositories/open-sessions.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import type { FinishServices } from "./deps.ts";
import { finishComplete } from "./finish-session.ts";

type JobDeps = Omit<FinishServices, "publicUrl">;

const pageSize = 100;

/**
 * Stores resumable uploads of which all bytes have come, and whose clients have not come back. A refusal is kept with
 * the session. Where something is down, the upload stays as it is, and the next run tries again.
 */
export const finishUploadsJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("finish-resumable-uploads"),
  everyMs: () => 60_000,
  async run(deps, _run, signal) {
    const { logger } = deps;
    for await (const digest of completeSessions(deps)) {
      signal.throwIfAborted();
      try {
        await finishComplete(deps, digest, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SluiceError && error.status < 500) continue;
        logger.warn({ err: error }, "a complete upload could not be stored; the next run tries again");
      }
    }
  },
});

/** Goes through all of them page by page, so that those which can't be stored hold up none behind them. */
async function* completeSessions({ database, now }: Pick<JobDeps, "database" | "now">): AsyncGenerator<Uint8Array> {
  let after: CompleteSession | undefined;
  do {
    const page = await listCompleteSessions(database.reader, { now: now(), limit: pageSize, after });
    for (const { id_digest: digest } of page) yield digest;
    after = page.length < pageSize ? undefined : page.at(-1);
  } while (after !== undefined);
}
