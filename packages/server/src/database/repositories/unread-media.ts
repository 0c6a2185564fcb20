import { sql } from "kysely";
import type { Connection } from "../database.ts";
import type { VersionRow } from "./files.ts";

/** The content of videos or sounds of which nothing is known. */
export interface UnreadContent {
  readonly blob_id: string;
  readonly kind: "video" | "audio";
  readonly storage_key: string;
  readonly size: number;
}

/** Spelled as the condition of the index `versions_unread`. */
const isUnread = sql<boolean>`versions.kind in ('video', 'audio') and versions.duration is null
  and versions.video_codec is null and versions.audio_codec is null and versions.unreadable is null`;

/** Lists contents of which nothing is known, each once for each kind that its versions have. */
export async function pageOfUnreadContent(
  connection: Connection,
  after: string,
  limit: number,
): Promise<UnreadContent[]> {
  return connection
    .selectFrom("versions")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select(["versions.blob_id", "versions.kind", "blobs.storage_key", "blobs.size"])
    .distinct()
    .where(isUnread)
    .where("versions.blob_id", ">", after)
    .orderBy("versions.blob_id")
    .limit(limit)
    .$narrowType<{ kind: UnreadContent["kind"] }>()
    .execute();
}

/** The columns that tell of a video or a sound. */
export type ReadColumns = Pick<
  VersionRow,
  "width" | "height" | "duration" | "bit_rate" | "video_codec" | "audio_codec" | "embedded_metadata" | "unreadable"
>;

/** Lists files that have versions with this content, of which nothing is known. */
export async function filesOfUnreadContent(
  connection: Connection,
  { blobId, kind, limit }: { readonly blobId: string; readonly kind: string; readonly limit: number },
): Promise<string[]> {
  const rows = await connection
    .selectFrom("versions")
    .select("file_id")
    .distinct()
    .where(isUnread)
    .where("blob_id", "=", blobId)
    .where("kind", "=", kind as VersionRow["kind"])
    .orderBy("file_id")
    .limit(limit)
    .execute();
  return rows.map(({ file_id }) => file_id);
}

/** Tells what was read of a content to the versions of these files, which are locked. */
export async function tellFilesOfContent(
  connection: Connection,
  fileIds: readonly string[],
  { blobId, kind }: { readonly blobId: string; readonly kind: string },
  columns: ReadColumns,
): Promise<void> {
  await connection
    .updateTable("versions")
    .set(columns)
    .where("file_id", "in", fileIds)
    .where("blob_id", "=", blobId)
    .where("kind", "=", kind as VersionRow["kind"])
    .where(isUnread)
    .execute();
}
