import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { postTransformationKind } from "../../delivery/post-transformations/job-kinds.ts";
import {
  type PostTransformation,
  type PostTransformationJob,
  transformedUrl,
} from "../../delivery/post-transformations/post-transformation.ts";
import type { EventContext } from "../../events/event-context.ts";
import { newEventId } from "../../events/event-id.ts";
import { recordEvent } from "../../events/record-event.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import { enqueueJobs, newJob } from "../../jobs/enqueue-job.ts";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import { assetUrl, type Endpoint } from "../../library/files/asset-url.ts";
import { joinPath } from "../../library/names.ts";
import { respond } from "../answer/respond.ts";
import type { UploadRequest } from "../resolve/validate.ts";

/** The facts that the events and jobs of an upload's transformations need to know beside the file, as plain data. */
export interface UploadOrigin extends Endpoint, Pick<UploadRequest, "responseFields"> {
  readonly transformation: NonNullable<UploadRequest["transformation"]>;
  readonly requestId: string;
  /** The account's custom metadata fields, where the answer is to describe them. */
  readonly fields: readonly CustomField[];
  /** The file's metadata, when the answer has them. */
  readonly metadata?: FileMetadata | null | undefined;
  /** The statuses of the extensions at the time the file is stored, if there are any. */
  readonly extensionStatus?: ExtensionStatuses | undefined;
}

/**
 * Runs in the upload's transaction. Records the event for the file that `pre` made
 * (docs/protocol/webhooks-and-extensions.md §4, §8.10), and enqueues the jobs that make what `post` asks for.
 */
export async function followTransformations(
  connection: Connection,
  asset: AssetRow,
  events: EventContext | undefined,
  origin: UploadOrigin,
): Promise<void> {
  const { requestId, responseFields, transformation } = origin;
  const { pre, post = [] } = transformation;
  const now = asset.created_at;
  if (pre !== undefined) {
    const request = { x_request_id: requestId, transformation: pre };
    const data = () => respond(asset, responseFields, origin);
    await recordEvent(connection, events, { type: "upload.pre-transform.success", request, data }, now);
  }
  const inputs = post.map((entry) => jobOf(entry, asset, origin, now));
  await enqueueJobs(
    connection,
    inputs.map((input) => newJob(postTransformationKind, input)),
  );
}

function jobOf(
  transformation: PostTransformation,
  asset: AssetRow,
  { requestId, imagekitId, publicUrl }: UploadOrigin,
  now: number,
): PostTransformationJob {
  const { name, folder_path: folder } = asset;
  return {
    accountId: asset.account_id,
    fileId: asset.file_id,
    versionId: asset.id,
    name,
    path: joinPath(folder, name),
    url: transformedUrl(assetUrl(publicUrl, imagekitId, folder, name), transformation),
    transformation,
    requestId,
    eventId: newEventId(now),
    publicUrl,
  };
}
