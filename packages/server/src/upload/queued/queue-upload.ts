import { layerFilesIn } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { UploadQueued } from "@sluice/protocol/schemas";
import { viewerOfServer } from "../../access/viewer.ts";
import { DatabaseError } from "../../database/database.ts";
import { findVersionById } from "../../database/repositories/assets.ts";
import { findQueuedUpload } from "../../database/repositories/queued-uploads.ts";
import { enterContent } from "../../library/content/enter-content.ts";
import type { VideoFacts } from "../../media/inspect/media-facts.ts";
import { newId } from "../../text/id.ts";
import type { StoreDeps } from "../deps.ts";
import { v1CredentialFields } from "../form/authorise/v1-signature.ts";
import { passGates } from "../gate/gates.ts";
import { checkPreOfVideo, checkProgram, type ResolvedPre } from "../resolve/read-pre.ts";
import { chooseName, refusalOf, storageLimitFor, type UploadToStore } from "../store/commit.ts";
import { findPreLayers } from "../store/prepare/make-pre.ts";
import type { QueueOutcome, QueueUploadInput } from "./queue-transactions.ts";
import { queueUpload as queueUploadScript } from "./queue-transactions.ts";

/** The vendor's answer, word for word (docs/protocol/upload.md §9). */
export const queuedAnswer: UploadQueued = { message: "The pre-transformation has been queued successfully." };

/** The fields that let the upload in. That they were there is all that is kept: a V1 signature locks no other field. */
const credentialFields: ReadonlySet<string> = new Set(v1CredentialFields);

/** The number of uploads of one account whose files are still to be made. */
const maxQueued = 500;

/**
 * Keeps a video until a job has made of it what `pre` asks for (docs/protocol/upload.md §9). Whatever can be known to be
 * wrong is refused now.
 * @throws SluiceError TRANSFORMATION_INVALID, STORAGE_LIMIT_EXCEEDED, SERVER_BUSY where too many of the account's uploads
 *   wait, and as `commit`; nothing is kept then
 */
export async function queueUpload(
  deps: StoreDeps,
  upload: UploadToStore,
  { transformation }: ResolvedPre,
  media: VideoFacts,
  signal: AbortSignal,
): Promise<UploadQueued> {
  const { plan, file, token, session, client, requestId } = upload;
  const { principal, request, parameters } = plan;
  const { accountId } = principal;
  checkPreOfVideo(transformation, media, deps.videos.limits);
  checkProgram(await deps.videos.program(), transformation);
  await findPreLayers(deps, accountId, layerFilesIn(transformation));
  await passGates("queue", deps, { plan, file }, signal);
  const now = deps.now();
  const id = newId(now);
  const queued: QueueUploadInput["upload"] = {
    ...{ id, account_id: accountId, key_id: principal.key.id, name: chooseName(request) },
    token_expires_at: token?.expires_at ?? null,
    token_digest: token?.digest ?? null,
    fields: JSON.stringify([...parameters].map(([name, value]) => [name, credentialFields.has(name) ? "-" : value])),
    ...{ request_id: requestId, public_url: deps.publicUrl(), client, created_at: now },
  };
  const result = await enterContent<QueueOutcome>(
    deps,
    { accountId, spooled: file },
    (content) =>
      deps.database
        .run(queueUploadScript, {
          ...content,
          upload: queued,
          session,
          maxQueued,
          ...storageLimitFor(principal, deps.config),
        })
        .catch((error: unknown) => lookUp(deps, accountId, id, error)),
    signal,
  );
  if (result.outcome === "stored") return queuedAnswer;
  if (result.outcome === "too many") throw new SluiceError("SERVER_BUSY");
  throw refusalOf(result, request);
}

/** Looks the upload up after a COMMIT without an answer. Its job may have stored the file since. */
async function lookUp(
  { database }: StoreDeps,
  accountId: string,
  id: string,
  error: unknown,
): Promise<{ readonly outcome: "stored" }> {
  if (!(error instanceof DatabaseError)) throw error;
  const find = async () =>
    (await findQueuedUpload(database.reader, accountId, id)) ??
    findVersionById(database.reader, viewerOfServer(accountId), id);
  if ((await find().catch(() => undefined)) === undefined) throw error;
  return { outcome: "stored" };
}
