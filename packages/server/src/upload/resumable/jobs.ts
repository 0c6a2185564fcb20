import { SluiceError } from "@sluice/protocol";
import { type CompleteSession, listCompleteSessions } from "../../database/repositories/open-sessions.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { finishSession } from "./finish-session.ts";
import { Lease } from "./lease.ts";
import { Leases } from "./leases.ts";
import type { FinishServices } from "./needs.ts";
import { RunningHashes } from "./running-hashes.ts";

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
    const { logger } = needs;
    for await (const digest of completeSessions(needs)) {
      signal.throwIfAborted();
      try {
        await finishComplete(needs, digest, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SluiceError && error.status < 500) continue;
        logger.warn({ err: error }, "a complete upload could not be stored; the next run tries again");
      }
    }
  },
});

/** Goes through all of them page by page, so that those which can't be stored hold up none behind them. */
async function* completeSessions({ database, now }: Pick<JobNeeds, "database" | "now">): AsyncGenerator<Uint8Array> {
  let after: CompleteSession | undefined;
  do {
    const page = await listCompleteSessions(database.reader, { now: now(), limit: pageSize, after });
    for (const { id_digest: digest } of page) yield digest;
    after = page.length < pageSize ? undefined : page.at(-1);
  } while (after !== undefined);
}

/**
 * Finishes a session whose bytes have all come and whose client has not come back: the server had died, or had not been
 * able to store it.
 * @throws SluiceError, StorageError when it can't be finished now
 */
export async function finishComplete(
  services: Omit<FinishServices, "publicUrl">,
  digest: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const leases = new Leases(services, { patienceMs: 0 });
  const lease = await leases.take(digest, signal);
  if (!(lease instanceof Lease)) return;
  const { publicUrl } = lease.session;
  const needs = { ...services, hashes: new RunningHashes(), publicUrl: () => publicUrl };
  try {
    if (lease.session.offset === lease.session.length) await finishSession(needs, lease, { stopped: signal });
  } finally {
    await lease.release();
  }
}
