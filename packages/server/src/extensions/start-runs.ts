import type { Connection } from "../database/database.ts";
import { insertExtensionRun } from "../database/repositories/extension-runs.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import type { Extension } from "./extension.ts";
import { runExtensionKind } from "./job-kinds.ts";

/** An extension that somebody is there to do: plain data, for the transaction that makes or changes its asset. */
export interface NewExtensionRun {
  readonly id: string;
  readonly extension: Extension;
  /** The job leaves the request that waits for the result this long to do it itself. */
  readonly afterSeconds: number;
  readonly webhookUrl: string | null;
  readonly publicUrl: string;
  readonly imagekitId: string;
}

/** Has the extensions run once the transaction that the connection is in is committed, and never if it isn't. */
export async function startRuns(
  connection: Connection,
  asset: { readonly account_id: string; readonly file_id: string; readonly id: string },
  runs: readonly NewExtensionRun[],
  now: number,
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
      created_at: now,
    });
    // An endpoint that hangs leaves room for the other extensions.
    await enqueueJob(connection, runExtensionKind, { runId: id }, { afterSeconds, lane: extension.name });
  }
}
