import type { Connection } from "../../database/database.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { postTransformationKind } from "./job-kinds.ts";
import type { PostTransformationJob } from "./post-transformation.ts";

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
