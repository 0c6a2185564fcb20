import type { Connection } from "../../database/database.ts";
import { findEventContext } from "../../events/event-context.ts";
import { type NewEvent, recordEvent } from "../../events/record-event.ts";
import type { PostTransformationJob } from "./post-transformation.ts";

/** The only failure reason that the protocol's examples show (docs/protocol/webhooks-and-extensions.md §5). */
export const encodingFailed = "encoding_failed";

export interface PostTransformationEnd {
  readonly job: PostTransformationJob;
  /** The reason why the transformation failed; undefined when it was made. */
  readonly failure?: string | undefined;
  readonly now: number;
}

/**
 * Records the event that tells the account's endpoints how a post-transformation ended
 * (docs/protocol/webhooks-and-extensions.md §5). The endpoints are told once, however often this function is called.
 */
export async function recordPostTransformation(
  connection: Connection,
  { job, failure, now }: PostTransformationEnd,
): Promise<void> {
  const context = await findEventContext(connection, job.accountId, job.publicUrl);
  await recordEvent(connection, context, { id: job.eventId, ...eventOf(job, failure) }, now);
}

function eventOf(job: PostTransformationJob, failure: string | undefined): NewEvent {
  const { fileId, url, name, path, requestId, transformation } = job;
  const request = { x_request_id: requestId, transformation };
  return failure === undefined
    ? { type: "upload.post-transform.success", request, data: () => ({ fileId, url, name }) }
    : {
        type: "upload.post-transform.error",
        request,
        data: () => ({ fileId, url, name, path, transformation: { error: { reason: failure } } }),
      };
}
