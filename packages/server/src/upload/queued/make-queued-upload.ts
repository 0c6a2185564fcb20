import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { layerFilesIn } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Logger } from "pino";
import { accountParty } from "../../concurrency/fair-line.ts";
import type { Database } from "../../database/database.ts";
import {
  findQueuedUpload,
  type QueuedUpload,
  type QueuedUploadRow,
} from "../../database/repositories/queued-uploads.ts";
import type { RenditionCache } from "../../delivery/renditions/kept/rendition-cache.ts";
import { storedSource } from "../../delivery/renditions/pictures/render-picture.ts";
import type { DrawDeps } from "../../delivery/renditions/videos/draw-for-video.ts";
import { layerSupplies } from "../../delivery/renditions/videos/layer-supplies.ts";
import { describeFailure } from "../../jobs/describe-failure.ts";
import type { ReportProgress } from "../../jobs/progress/report-progress.ts";
import { whileWanted } from "../../jobs/while-wanted.ts";
import { joinPath } from "../../library/names.ts";
import { MediaError, mayPass } from "../../media/media-error.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import type { PrepareDeps, StoreDeps } from "../deps.ts";
import { invalidTransformation } from "../resolve/parameters/transformation.ts";
import { resolveUpload } from "../resolve/resolve-upload.ts";
import { validate } from "../resolve/validate.ts";
import { principalOfSession } from "../resumable/session-credentials.ts";
import { storePrepared } from "../steps.ts";
import { findPreLayers } from "../store/prepare/make-pre.ts";
import { takeMade } from "../store/prepare/prepare.ts";
import type { QueuedUploadJob } from "./job-kinds.ts";
import { failQueuedUpload } from "./queue-transactions.ts";

export type QueuedUploadDeps = PrepareDeps &
  DrawDeps & {
    readonly database: Database;
    readonly derived: Pick<RenditionCache, "newFile">;
    readonly videos: Pick<VideoEngine, "encode" | "limits" | "probe" | "program">;
    readonly logger: Pick<Logger, "warn">;
  };

interface Run {
  readonly isLast: boolean;
  readonly report: ReportProgress;
}

/**
 * Makes of a queued video what its upload's `pre` asks for, and stores that as the upload's file. The transaction that
 * stores it is the upload's end, so it happens once.
 * @throws errors that may pass by themselves
 */
export async function makeQueuedUpload(
  deps: QueuedUploadDeps,
  { accountId, id }: QueuedUploadJob,
  { isLast, report }: Run,
  signal: AbortSignal,
): Promise<void> {
  const upload = await findQueuedUpload(deps.database.reader, accountId, id);
  if (upload === undefined) return;
  try {
    await encodeAndStore({ ...deps, publicUrl: () => upload.public_url }, upload, report, signal);
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined && !isLast) throw error;
    // Another run may have stored it meanwhile.
    if (!(await failQueued(deps, upload, refusal))) return;
    deps.logger.warn({ uploadId: id, error: describeFailure(error) }, "a queued video was not stored");
  }
}

/** The protocol's words for what failed. Every other refusal has its own (docs/protocol/webhooks-and-extensions.md §8.7). */
const reasons: ReadonlyMap<string, string> = new Map([
  ["TRANSFORMATION_INVALID", "encoding_failed"],
  ["INTERNAL_ERROR", "internal_server_error"],
]);

/** Ends a queued upload that stores nothing, and tells the account's endpoints. */
export async function failQueued(
  { database, now }: Pick<QueuedUploadDeps, "database" | "now">,
  { account_id: accountId, id, name, fields }: QueuedUploadRow,
  refusal: SluiceError = new SluiceError("INTERNAL_ERROR"),
): Promise<boolean> {
  const { folder, transformation } = validate(new Map(JSON.parse(fields) as [string, string][]));
  const { status, reason } = refusal;
  return database.run(failQueuedUpload, {
    ...{ accountId, id, pre: transformation?.pre ?? "", path: joinPath(folder, name), now: now() },
    reason: reasons.get(reason) ?? reason.toLowerCase(),
    refusal: { status, body: refusal.toJSON() },
  });
}

async function encodeAndStore(
  deps: QueuedUploadDeps & Pick<StoreDeps, "publicUrl">,
  upload: QueuedUpload,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  const { id, account_id: accountId, name, size, storage_key, client } = upload;
  const principal = await principalOfSession(deps, { keyId: upload.key_id, arrivedAt: upload.created_at });
  const plan = await resolveUpload(deps, principal, new Map(JSON.parse(upload.fields) as [string, string][]));
  if (plan.pre === undefined) throw invalidTransformation("pre: It asks for the file itself by now.");
  const { transformation } = plan.pre;
  const layers = await findPreLayers(deps, accountId, layerFilesIn(transformation));
  const party = { account: accountId, client };
  const film = { version: { account_id: accountId, id, purges: 0, custom_coordinates: null }, layers, party };
  const path = await deps.derived.newFile();
  try {
    const task = {
      transformation,
      target: path,
      maxBytes: deps.config.fileSize.video,
      layers: layerSupplies(deps, film),
      onProgress: (fraction: number): void => report(accountId, { fraction, message: `Encoding ${name}` }),
    };
    const source = storedSource(deps.blobs, { storage_key, size, pages: null });
    const isWanted = async () => (await findQueuedUpload(deps.database.reader, accountId, id)) !== undefined;
    const encode = (stop: AbortSignal) =>
      deps.videos.encode(source, task, { signal: stop, party: accountParty(accountId) });
    if ((await whileWanted(isWanted, encode, signal)) === undefined) return;
    const made = { party, request: plan.request, chunks: createReadStream(path, { signal }) };
    const prepared = await takeMade(deps, made, signal);
    try {
      const { request_id: requestId } = upload;
      const stored = { plan, file: prepared.spooled, token: undefined, queued: { id, name }, requestId };
      await storePrepared(deps, stored, prepared, party, signal);
    } finally {
      await prepared.discard();
    }
  } finally {
    await rm(path, { force: true });
  }
}

/** What another attempt wouldn't change. Another node may have FFmpeg where this one has none. */
function refusalOf(error: unknown): SluiceError | undefined {
  if (error instanceof SluiceError) return error.status < 500 ? error : undefined;
  if (!(error instanceof MediaError) || error.code === "EFFMPEG") return undefined;
  return error.exhausted || !mayPass(error) ? invalidTransformation(`pre: ${error.message}`, error) : undefined;
}
