import type { Insertable } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { holdingBlobs } from "../locks.ts";
import type { PictureHashesTable, VersionsTable } from "../schema.ts";

/** A place in the order in which blobs were last touched. */
export interface TouchedBlob {
  readonly id: string;
  readonly touched_at: number;
}

/** A blob, and whether its hash has been looked for. */
export interface BlobToHash extends TouchedBlob {
  readonly account_id: string;
  readonly storage_key: string;
  readonly size: number;
  readonly looked_at: boolean;
}

/** Returns when the last blob whose hash has been looked for was touched; 0 before the first. */
export async function lastHashedTouch(connection: Connection): Promise<number> {
  const { last } = await connection
    .selectFrom("picture_hashes")
    .select(({ fn }) => fn.max<number | null>("blob_touched_at").as("last"))
    .executeTakeFirstOrThrow();
  return Number(last ?? 0);
}

/** Lists blobs in the order in which they were last touched, those that are hashed included. */
export async function pageOfTouchedBlobs(
  connection: Connection,
  after: TouchedBlob,
  limit: number,
): Promise<BlobToHash[]> {
  const rows = await connection
    .selectFrom("blobs")
    .leftJoin("picture_hashes", "picture_hashes.blob_id", "blobs.id")
    .select(["blobs.id", "blobs.account_id", "blobs.storage_key", "blobs.size", "blobs.touched_at"])
    .select("picture_hashes.blob_id as hashed_id")
    .where("blobs.touched_at", ">=", after.touched_at)
    .where(({ or, eb }) => or([eb("blobs.touched_at", ">", after.touched_at), eb("blobs.id", ">", after.id)]))
    .orderBy("blobs.touched_at")
    .orderBy("blobs.id")
    .limit(limit)
    .execute();
  return rows.map(({ hashed_id, ...blob }) => ({ ...blob, looked_at: hashed_id !== null }));
}

export interface PictureFacts {
  readonly mime: string;
  readonly kind: VersionsTable["kind"];
  readonly pages: number | null;
}

/**
 * Returns what one of the blob's versions says about its bytes; undefined for a blob without a version. A version in the
 * trash counts as well: when it is restored, its picture is found as the others are.
 */
export async function findPictureFacts(connection: Connection, blobId: string): Promise<PictureFacts | undefined> {
  for (const table of ["versions", "trashed_versions"] as const) {
    const versions = connection.selectFrom(table).select(["mime", "kind", "pages"]);
    const facts = await versions.where("blob_id", "=", blobId).limit(1).executeTakeFirst();
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** A blob that was looked at. */
export interface FingerprintedBlob extends TouchedBlob {
  readonly account_id: string;
  /** The hash has 16 hexadecimal digits. Null for a blob that is no picture or can't be decoded. */
  readonly fingerprint: { readonly hash: string; readonly color: string | undefined } | null;
}

/** Stands for the colour of a picture that has none. */
const noColor = "none";

/** Records the hashes of those blobs that are still there. */
export async function insertPictureHashes(connection: Connection, blobs: readonly FingerprintedBlob[]): Promise<void> {
  if (blobs.length === 0) return;
  const ids = blobs.map(({ id }) => id);
  const query = connection.selectFrom("blobs").select("id").where("id", "in", ids).orderBy("id");
  const there = new Set((await holdingBlobs(connection, query).execute()).map(({ id }) => id));
  const rows = blobs.filter(({ id }) => there.has(id)).map(rowOf);
  if (rows.length === 0) return;
  await connection
    .insertInto("picture_hashes")
    .values(rows)
    .onConflict((conflict) => conflict.column("blob_id").doNothing())
    .execute();
}

function rowOf({ id, account_id, fingerprint, touched_at }: FingerprintedBlob): Insertable<PictureHashesTable> {
  const place = { blob_id: id, account_id, blob_touched_at: touched_at };
  const bands = { band_1: null, band_2: null, band_3: null, band_4: null };
  if (fingerprint === null) return { ...place, hash: null, ...bands, dominant_color: null };
  const [band_1 = null, band_2 = null, band_3 = null, band_4 = null] = bandsOf(fingerprint.hash);
  return {
    ...place,
    hash: fingerprint.hash,
    band_1,
    band_2,
    band_3,
    band_4,
    dominant_color: fingerprint.color ?? noColor,
  };
}

/** Lists pictures that were looked at before colours were recorded. */
export async function pageOfColorlessBlobs(
  connection: Connection,
  after: string,
  limit: number,
): Promise<Pick<BlobToHash, "id" | "storage_key" | "size">[]> {
  return connection
    .selectFrom("picture_hashes")
    .innerJoin("blobs", "blobs.id", "picture_hashes.blob_id")
    .select(["blobs.id", "blobs.storage_key", "blobs.size"])
    .where("hash", "is not", null)
    .where("dominant_color", "is", null)
    .where("picture_hashes.blob_id", ">", after)
    .orderBy("picture_hashes.blob_id")
    .limit(limit)
    .execute();
}

/** The colour of a picture's blob; undefined for none. */
export interface ColoredBlob {
  readonly id: string;
  readonly color: string | undefined;
}

export async function setDominantColors(connection: Connection, blobs: readonly ColoredBlob[]): Promise<void> {
  for (const { id, color } of [...blobs].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const update = connection.updateTable("picture_hashes").set({ dominant_color: color ?? noColor });
    await update.where("blob_id", "=", id).execute();
  }
}

/** The dominant colours of those blobs of the account whose colour is known. */
export async function findDominantColors(
  connection: Connection,
  viewer: Viewer,
  blobIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (blobIds.length === 0) return new Map();
  const rows = await connection
    .selectFrom("picture_hashes")
    .select(["blob_id", "dominant_color"])
    .where("blob_id", "in", [...new Set(blobIds)])
    .where("account_id", "=", viewer.accountId)
    .execute();
  return new Map(
    rows.flatMap(({ blob_id: id, dominant_color: color }) =>
      color === null || color === noColor ? [] : [[id, color] as const],
    ),
  );
}

/** Splits a hash into its four bands of 16 bits, as hexadecimal digits. */
export function bandsOf(hash: string): string[] {
  return [0, 4, 8, 12].map((start) => hash.slice(start, start + 4));
}

export async function findPictureHash(connection: Connection, blobId: string): Promise<string | undefined> {
  const row = await connection
    .selectFrom("picture_hashes")
    .select("hash")
    .where("blob_id", "=", blobId)
    .executeTakeFirst();
  return row?.hash ?? undefined;
}

export interface HashedBlob {
  readonly blob_id: string;
  readonly hash: string;
}

export const bandColumns = ["band_1", "band_2", "band_3", "band_4"] as const;

/**
 * Finds the account's blobs whose hash has one of the given values in one of its four bands.
 * @param limit how many blobs are found at most
 */
export async function findByBand(
  connection: Connection,
  viewer: Viewer,
  { column, values }: { readonly column: (typeof bandColumns)[number]; readonly values: readonly string[] },
  limit: number,
): Promise<HashedBlob[]> {
  const rows = await connection
    .selectFrom("picture_hashes")
    .select(["blob_id", "hash"])
    .where("account_id", "=", viewer.accountId)
    .where(column, "in", values)
    .limit(limit)
    .execute();
  return rows.flatMap(({ blob_id, hash }) => (hash === null ? [] : [{ blob_id, hash }]));
}

/** Counts the account's blobs that were touched after that time, `limit` at most. */
export async function countTouchedSince(
  connection: Connection,
  viewer: Viewer,
  since: number,
  limit: number,
): Promise<number> {
  const touched = connection
    .selectFrom("blobs")
    .select("id")
    .where("touched_at", ">", since)
    .where("account_id", "=", viewer.accountId)
    .limit(limit);
  const { count } = await connection
    .selectFrom(touched.as("touched"))
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}
