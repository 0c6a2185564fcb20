import type { Connection } from "../database.ts";
import { holdingBlobs } from "../locks.ts";

/** A search of a blob's picture that has been made, or is to be made. */
export interface PictureSearch {
  readonly blobId: string;
  readonly detection: string;
  readonly page: number;
  readonly revision: number;
}

/** @returns what was found, as JSON; undefined where nobody has looked */
export async function findPictureDetection(
  connection: Connection,
  { blobId, detection, page, revision }: PictureSearch,
): Promise<string | undefined> {
  const row = await connection
    .selectFrom("picture_detections")
    .select("things")
    .where("blob_id", "=", blobId)
    .where("detection", "=", detection)
    .where("page", "=", page)
    .where("revision", "=", revision)
    .executeTakeFirst();
  return row?.things;
}

/** Records what was found, unless that is recorded, or the blob isn't there any more. */
export async function insertPictureDetection(
  connection: Connection,
  { blobId, detection, page, revision }: PictureSearch,
  things: string,
): Promise<void> {
  const query = connection.selectFrom("blobs").select(["id", "account_id"]).where("id", "=", blobId);
  const blob = await holdingBlobs(connection, query).executeTakeFirst();
  if (blob === undefined) return;
  await connection
    .insertInto("picture_detections")
    .values({ blob_id: blobId, detection, page, revision, account_id: blob.account_id, things })
    .onConflict((conflict) => conflict.columns(["blob_id", "detection", "page", "revision"]).doNothing())
    .execute();
}
