import { SluiceError } from "@sluice/protocol";
import { listCompleteSessions } from "../../database/repositories/open-sessions.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { finishComplete } from "./finish-complete.ts";
import type { FinishServices } from "./needs.ts";

type JobNeeds = Omit<FinishServices, "publicUrl">;

const pageSize = 100;

/**
 * Stores resumable uploads of which all bytes have come, and whose clients have not come back. A refusal is kept with
 * the session. Where something is down, the upload stays as it is, and the next run tries again.
 */
export const finishUploadsJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("finish-resumable-uploads"),
  everyMs: () => 60_000,
  async run(needs, _run, signal) {
    const { database, logger, now } = needs;
    const page = await listCompleteSessions(database.reader, { now: now(), limit: pageSize });
    for (const { id_digest: digest } of page) {
      signal.throwIfAborted();
      try {
        await finishComplete(needs, digest, signal);
      } catch (error) {
        if (error instanceof SluiceError && error.status < 500) continue;
        logger.warn({ err: error }, "a complete upload could not be stored; the next run tries again");
      }
    }
  },
});
