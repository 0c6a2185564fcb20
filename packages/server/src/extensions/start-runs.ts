import type { Connection } from "../database/database.ts";
import { insertExtensionRun } from "../database/repositories/extension-runs.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import type { Extension } from "./extension.ts";
import { runExtensionKind } from "./job-kinds.ts";

/** A run of an extension that has a provider, as plain data for the transaction that creates or changes its asset. */
export interface NewExtensionRun {
  readonly id: string;
  readonly extension: Extension;
  /** The time that the job waits, so that a request that waits for the result can do the work itself. */
  readonly afterSeconds: number;
  readonly webhookUrl: string | null;
  readonly publicUrl: string;
  readonly imagekitId: string;
}

/**
 * Makes the extensions run after the connection's transaction is committed, and never if it isn't committed.
 * @param withheld the details of the version that the `webhookUrl` isn't told, by the names of an upload's parameters
 */
export async function startRuns(
  connection: Connection,
  asset: { readonly account_id: string; readonly file_id: string; readonly id: string },
  runs: readonly NewExtensionRun[],
  now: number,
  withheld: readonly string[] = [],
): Promise<void> {
  for (const { id, extension, afterSeconds, webhookUrl, publicUrl, imagekitId } of runs) {
    await insertExtensionRun(connection, {
      id,
      account_id: asset.account_id,
      file_id: asset.file_id,
      version_id: asset.id,
      name: extension.name,
      options: JSON.stringify(extension.options),
      webhook_url: webhookUrl,
      public_url: publicUrl,
      imagekit_id: imagekitId,
      withheld: withheld.length === 0 ? null : JSON.stringify(withheld),
      created_at: now,
    });
    // Each extension has a lane of its own, so that an endpoint that hangs leaves room for the other extensions.
    await enqueueJob(connection, runExtensionKind, { runId: id }, { afterSeconds, lane: extension.name });
  }
}
