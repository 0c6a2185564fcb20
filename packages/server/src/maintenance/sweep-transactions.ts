import type { Connection } from "../database/database.ts";
import {
  type BlobPosition,
  type BlobRange,
  type DeletedBlobs,
  deleteUnreferencedBlobs,
  findBlobPosition,
} from "../database/repositories/blobs.ts";
import { heldUntil } from "../database/repositories/content-holds.ts";

/** One transaction looks at so many blobs, so that nobody waits long for it. */
const blobsPerPage = 2000;
/** One transaction deletes so many rows, so that on a full disk it needs little room in the database's log. */
const deletionsPerPage = 100;

export interface BlobsToRelease extends BlobRange {
  /**
   * Only blobs that nobody has touched since this time. Without it, blobs go as soon as nothing refers to them: a row
   * of a blob is committed together with a version that refers to it, so the last reference has been removed by then.
   */
  readonly untouchedSince?: number | undefined;
  /** The time by this process's clock. */
  readonly now: number;
}

export type ReleasedBlobs =
  | { readonly outcome: "held"; readonly heldUntil: number }
  | {
      readonly outcome: "released";
      readonly deleted: DeletedBlobs["deleted"];
      /** The place to go on from; undefined when all blobs have been looked at. */
      readonly next: BlobPosition | undefined;
    };

/** Deletes rows of contents that nothing needs, in the next part of the range, unless somebody holds the contents. */
export async function releaseBlobs(
  connection: Connection,
  { untouchedSince, now, ...range }: BlobsToRelease,
): Promise<ReleasedBlobs> {
  const held = await heldUntil(connection, now);
  if (held !== undefined) return { outcome: "held", heldUntil: held };
  const last = await findBlobPosition(connection, range, blobsPerPage);
  const page = { ...range, last, untouchedSince, limit: deletionsPerPage };
  const { deleted, reached } = await deleteUnreferencedBlobs(connection, page);
  return { outcome: "released", deleted, next: reached ?? last };
}

releaseBlobs.makesRoom = true;
