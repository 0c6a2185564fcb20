import type { Connection } from "../../database/database.ts";
import { findEventContext } from "../../events/event-context.ts";
import { type NewEvent, recordEvent } from "../../events/record-event.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { postTransformationKind } from "./job-kinds.ts";
import type { PostTransformationJob } from "./post-transformation.ts";

/** The only failure reason that the protocol's examples show (docs/protocol/webhooks-and-extensions.md §5). */
export const encodingFailed = "encoding_failed";

interface PostTransformationEnd {
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

const firstSeconds = 2;
const maxSeconds = 60;

/**
 * Has an entry tried again later, as if for the first time. Another job makes what the entry needs: an encode, which may
 * wait for others, and then take hours.
 */
export async function waitForRendition(connection: Connection, job: PostTransformationJob): Promise<void> {
  const { waits = 0 } = job;
  const afterSeconds = Math.min(maxSeconds, firstSeconds * 2 ** waits);
  await enqueueJob(connection, postTransformationKind, { ...job, waits: waits + 1 }, { afterSeconds });
}
