import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { QueuedUploadsTable } from "../schema.ts";
import type { TokenKey } from "./used-tokens.ts";

export type QueuedUploadRow = Selectable<QueuedUploadsTable>;

export async function insertQueuedUpload(connection: Connection, row: QueuedUploadRow): Promise<void> {
  await connection.insertInto("queued_uploads").values(row).execute();
}

/** An upload that waits for its job, with what came. */
export type QueuedUpload = QueuedUploadRow & { readonly storage_key: string };

export async function findQueuedUpload(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<QueuedUpload | undefined> {
  return connection
    .selectFrom("queued_uploads")
    .innerJoin("blobs", "blobs.id", "queued_uploads.blob_id")
    .selectAll("queued_uploads")
    .select("blobs.storage_key")
    .where("queued_uploads.account_id", "=", accountId)
    .where("queued_uploads.id", "=", id)
    .executeTakeFirst();
}

/** @returns the row, for whoever ends the upload; undefined if another one has ended it */
export async function deleteQueuedUpload(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<QueuedUploadRow | undefined> {
  return connection
    .deleteFrom("queued_uploads")
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** Counts the account's uploads that wait for their jobs. */
export async function countQueuedUploads(connection: Connection, accountId: string): Promise<number> {
  const { count } = await connection
    .selectFrom("queued_uploads")
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The token as the ledger names it; undefined if the private key was sent. */
export function tokenOfQueued({
  token_expires_at: expiresAt,
  token_digest: digest,
}: Pick<QueuedUploadRow, "token_expires_at" | "token_digest">): TokenKey | undefined {
  return expiresAt === null || digest === null ? undefined : { expires_at: expiresAt, digest };
}
