import type { ExpressionBuilder, Selectable } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
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
export async function estimateContents(connection: Connection, viewer: Viewer): Promise<number> {
  const contents = connection.selectFrom("blobs").where("account_id", "=", viewer.accountId);
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

/** The place of a blob among all, which are ordered by their accounts and hashes. */
export interface BlobPosition {
  readonly accountId: string;
  readonly sha256: Uint8Array;
}

/** A part of the blobs, in their order. */
export interface BlobRange {
  /** Only blobs of this account, if it is set. */
  readonly accountId?: string | undefined;
  /** The blob before the first one; undefined for the beginning. */
  readonly after?: BlobPosition | undefined;
}

/** Finds the `number`th blob of the range; undefined when there are fewer. */
export async function findBlobPosition(
  connection: Connection,
  range: BlobRange,
  number: number,
): Promise<BlobPosition | undefined> {
  const row = await connection
    .selectFrom("blobs")
    .select(["account_id", "sha256"])
    .where(within(range))
    .orderBy("account_id")
    .orderBy("sha256")
    .limit(1)
    .offset(number - 1)
    .executeTakeFirst();
  return row && { accountId: row.account_id, sha256: row.sha256 };
}

/** The blobs that are to be deleted, if nothing refers to them. */
export interface UnreferencedBlobs extends BlobRange {
  /** The last blob of the range; undefined for the end of all. */
  readonly last?: BlobPosition | undefined;
  /** Only blobs that nobody has touched since this time, if it is set. */
  readonly untouchedSince?: number | undefined;
  readonly limit: number;
}

export interface DeletedBlobs {
  /** The blobs whose rows were deleted. Their objects now belong to no row. */
  readonly deleted: readonly Pick<BlobRow, "storage_key" | "size">[];
  /** The place to go on from, if the limit was reached before the end of the range. */
  readonly reached: BlobPosition | undefined;
}

/** Deletes the first blobs of the range that no row refers to. Blobs that others have locked are left out. */
export async function deleteUnreferencedBlobs(
  connection: Connection,
  { untouchedSince, limit, ...range }: UnreferencedBlobs,
): Promise<DeletedBlobs> {
  const candidates = connection
    .selectFrom("blobs")
    .select(["id", "account_id", "sha256"])
    .where(within(range))
    .where(unreferenced(untouchedSince))
    .orderBy("account_id")
    .orderBy("sha256")
    .limit(limit);
  const locked = await lockingWhatIsFree(connection, candidates).execute();
  const last = locked.at(-1);
  if (last === undefined) return { deleted: [], reached: undefined };
  const ids = locked.map(({ id }) => id);
  // An upload may have adopted a blob between the first query and the lock. Only what is checked under the lock is
  // certain.
  const deleted = await connection
    .deleteFrom("blobs")
    .where("id", "in", ids)
    .where(unreferenced(untouchedSince))
    .returning(["storage_key", "size"])
    .execute();
  const reached = locked.length < limit ? undefined : { accountId: last.account_id, sha256: last.sha256 };
  return { deleted, reached };
}

/** Counts the blobs that nothing refers to, as `deleteUnreferencedBlobs` finds them. */
export async function countUnreferencedBlobs(connection: Connection, untouchedSince?: number): Promise<number> {
  const { count } = await connection
    .selectFrom("blobs")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where(unreferenced(untouchedSince))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function within({ accountId, after, last }: Pick<UnreferencedBlobs, "accountId" | "after" | "last">) {
  return ({ and, eb, refTuple, tuple }: ExpressionBuilder<Schema, "blobs">) => {
    // Within one account SQLite finds the place by the hash alone: with both columns it reads the account from its start.
    const bound = (operator: ">" | "<=", place: BlobPosition) =>
      accountId === undefined
        ? eb(refTuple("blobs.account_id", "blobs.sha256"), operator, tuple(place.accountId, place.sha256))
        : eb("blobs.sha256", operator, place.sha256);
    return and([
      ...(accountId === undefined ? [] : [eb("blobs.account_id", "=", accountId)]),
      ...(after === undefined ? [] : [bound(">", after)]),
      ...(last === undefined ? [] : [bound("<=", last)]),
    ]);
  };
}

function unreferenced(untouchedSince: number | undefined) {
  return ({ and, eb, not, exists, selectFrom }: ExpressionBuilder<Schema, "blobs">) =>
    and([
      ...(untouchedSince === undefined ? [] : [eb("blobs.touched_at", "<", untouchedSince)]),
      not(exists(selectFrom("versions").select("versions.id").whereRef("versions.blob_id", "=", "blobs.id"))),
      not(
        exists(
          selectFrom("trashed_versions")
            .select("trashed_versions.id")
            .whereRef("trashed_versions.blob_id", "=", "blobs.id"),
        ),
      ),
      not(
        exists(
          selectFrom("queued_uploads").select("queued_uploads.id").whereRef("queued_uploads.blob_id", "=", "blobs.id"),
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
