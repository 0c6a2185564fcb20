import type { ExpressionBuilder, Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { lockingWhatIsFree } from "../locks.ts";
import { prepared } from "../prepared.ts";
import type { BlobsTable, Schema } from "../schema.ts";

export type BlobRow = Selectable<BlobsTable>;

export async function findBlobByContent(
  connection: Connection,
  accountId: string,
  sha256: Uint8Array,
): Promise<BlobRow | undefined> {
  const { rows } = await byContent(connection, { accountId, sha256 });
  return rows[0];
}

const byContent = prepared((connection, by: { readonly accountId: string; readonly sha256: Uint8Array }) =>
  connection.selectFrom("blobs").selectAll().where("account_id", "=", by.accountId).where("sha256", "=", by.sha256),
);

/** So many contents are counted one by one. */
const maxCountedContents = 2000;

/**
 * Returns the number of the account's contents. Beyond 2,000 it is an estimate, a few percent from the truth: hashes are
 * spread evenly, so their number follows from how small the first 2,000 of them are.
 */
export async function estimateContents(connection: Connection, accountId: string): Promise<number> {
  const contents = connection.selectFrom("blobs").where("account_id", "=", accountId);
  const inOrder = contents.select("sha256").orderBy("sha256");
  const last = await inOrder.limit(1).offset(maxCountedContents).executeTakeFirst();
  if (last !== undefined) {
    const share = Buffer.from(last.sha256).readUIntBE(0, 6) / 2 ** 48;
    return Math.round(maxCountedContents / share);
  }
  const { count } = await contents.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return Number(count);
}

export async function findBlob(connection: Connection, id: string): Promise<BlobRow | undefined> {
  return connection.selectFrom("blobs").selectAll().where("id", "=", id).executeTakeFirst();
}

/** @returns false when the account already has a blob with this content */
export async function insertBlob(connection: Connection, row: BlobRow): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

const insertUnlessThere = prepared((connection, row: BlobRow) =>
  connection
    .insertInto("blobs")
    .values({
      id: row.id,
      account_id: row.account_id,
      storage_key: row.storage_key,
      sha256: row.sha256,
      size: row.size,
      created_at: row.created_at,
      touched_at: row.touched_at,
    })
    .onConflict((conflict) => conflict.columns(["account_id", "sha256"]).doNothing()),
);

/**
 * Locks the blob's row and restarts its grace period, so that no sweep deletes it before the adopting version is
 * committed.
 * @returns false when the row is gone or its object has been replaced since it was read
 */
export async function adoptBlob(
  connection: Connection,
  blob: { readonly id: string; readonly storageKey: string },
  change: { readonly now: number; readonly storageKey?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable("blobs")
    .set({ touched_at: change.now, storage_key: change.storageKey ?? blob.storageKey })
    .where("id", "=", blob.id)
    .where("storage_key", "=", blob.storageKey)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Deletes up to `limit` blobs that no row refers to and that nobody has touched since `before`.
 * @returns the store keys of the deleted blobs, whose objects now belong to no row
 */
export async function deleteUnreferencedBlobs(
  connection: Connection,
  before: number,
  limit: number,
): Promise<string[]> {
  const candidates = connection.selectFrom("blobs").select("id").where(unreferenced(before)).limit(limit);
  const locked = await lockingWhatIsFree(connection, candidates).execute();
  if (locked.length === 0) return [];
  const ids = locked.map(({ id }) => id);
  // An upload may have adopted a blob between the first query and the lock. Only what is checked under the lock is
  // certain.
  const rows = await connection
    .deleteFrom("blobs")
    .where("id", "in", ids)
    .where(unreferenced(before))
    .returning("storage_key")
    .execute();
  return rows.map((row) => row.storage_key);
}

/** Counts the blobs that `deleteUnreferencedBlobs` would delete. */
export async function countUnreferencedBlobs(connection: Connection, before: number): Promise<number> {
  const { count } = await connection
    .selectFrom("blobs")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where(unreferenced(before))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function unreferenced(before: number) {
  return ({ and, eb, not, exists, selectFrom }: ExpressionBuilder<Schema, "blobs">) =>
    and([
      eb("blobs.touched_at", "<", before),
      not(exists(selectFrom("versions").select("versions.id").whereRef("versions.blob_id", "=", "blobs.id"))),
      not(
        exists(
          selectFrom("trashed_versions")
            .select("trashed_versions.id")
            .whereRef("trashed_versions.blob_id", "=", "blobs.id"),
        ),
      ),
    ]);
}

/** Returns those of the keys that a row names. */
export async function findStorageKeys(connection: Connection, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await connection.selectFrom("blobs").select("storage_key").where("storage_key", "in", keys).execute();
  return new Set(rows.map((row) => row.storage_key));
}
