import { bandsOf } from "../../../packages/server/src/database/repositories/picture-hashes.ts";
import { fillSearchIndex } from "../../../packages/server/src/database/search-index/testing/fill-index.ts";
import { fileTypeOf } from "../../../packages/server/src/library/files/file-type.ts";
import { kindOf } from "../../../packages/server/src/media/inspect/media-kind.ts";
import { folderCount, idAt, type SeededFile, seededFields, seededFile } from "./random-files.ts";
import type { Row, SeedDatabase } from "./seed-database.ts";

const rowsAtOnce = 5000;

/**
 * Adds files to the only account's library, in the folder `/seed`. The rows of the catalogue are written by its own
 * code, as uploads write them. The files have no bytes in the store.
 */
export async function seedLibrary(
  database: SeedDatabase,
  files: number,
  say: (progress: string) => void,
  { inOneFolder = false } = {},
): Promise<void> {
  const { kysely } = database;
  const { id: accountId } = await kysely.selectFrom("accounts").select("id").executeTakeFirstOrThrow();
  await addFields(database, accountId);
  const folders = await addFolders(database, accountId, folderCount(files));
  for (let first = 0; first < files; first += rowsAtOnce) {
    const some = Array.from({ length: Math.min(rowsAtOnce, files - first) }, (_, index) =>
      seededFile(first + index, files),
    );
    await database.insert(
      "blobs",
      some.map((file) => blobRow(file, accountId)),
    );
    await database.insert(
      "picture_hashes",
      some.map((file) => hashRow(file, accountId)),
    );
    await database.insert(
      "files",
      some.map((file) => fileRow(file, accountId, folders[inOneFolder ? 0 : file.folder] ?? "")),
    );
    await database.insert(
      "versions",
      some.map((file) => versionRow(file, accountId)),
    );
    if (first % 100_000 === 0) say(`${first} of ${files} files`);
  }
  say("the catalogue");
  await kysely.transaction().execute(async (transaction) => {
    for (const table of ["catalogue_values", "catalogue_terms", "catalogue"] as const) {
      await transaction.deleteFrom(table).execute();
    }
    await fillSearchIndex(transaction);
  });
  await database.analyze();
}

async function addFields(database: SeedDatabase, accountId: string): Promise<void> {
  const rows = Object.entries(seededFields).map(([name, schema], index) => ({
    id: idAt(index, "f".repeat(13)),
    account_id: accountId,
    name,
    label: name,
    description: null,
    schema: JSON.stringify(schema),
    created_at: index,
    updated_at: index,
    deleted_at: null,
  }));
  await database.insert("custom_metadata_fields", rows);
}

/** @returns the folders' ids by their numbers */
async function addFolders(database: SeedDatabase, accountId: string, count: number): Promise<string[]> {
  const root = await database.kysely
    .selectFrom("folders")
    .select("id")
    .where("account_id", "=", accountId)
    .where("path", "=", "/")
    .executeTakeFirstOrThrow();
  const row = (id: string, parentId: string, name: string, path: string): Row => ({
    ...{ id, account_id: accountId, parent_id: parentId, name, path },
    ...{ created_at: 1, updated_at: 1, moved_at: 0 },
  });
  const seedId = idAt(1, "a".repeat(13));
  await database.insert("folders", [row(seedId, root.id, "seed", "/seed")]);
  const ids = Array.from({ length: count }, (_, index) => idAt(2, index.toString(16).padStart(13, "0")));
  const names = ids.map((_, index) => (index === 0 ? "large" : `f${index}`));
  await database.insert(
    "folders",
    ids.map((id, index) => row(id, seedId, String(names[index]), `/seed/${names[index]}`)),
  );
  return ids;
}

function blobRow({ id, storageKey, sha256, size, createdAt }: SeededFile, accountId: string): Row {
  const times = { created_at: createdAt, touched_at: createdAt };
  return { id, account_id: accountId, storage_key: storageKey, sha256, size, ...times };
}

/** Without these values the server's job would try to decode pictures that have no bytes. */
function hashRow({ id, mime, sha256, createdAt }: SeededFile, accountId: string): Row {
  const hash = mime.startsWith("image/") ? Buffer.from(sha256).toString("hex", 0, 8) : null;
  const [band_1 = null, band_2 = null, band_3 = null, band_4 = null] = hash === null ? [] : bandsOf(hash);
  const bands = { band_1, band_2, band_3, band_4 };
  const dominant_color = hash === null ? null : `#${hash.slice(0, 6)}`;
  return { blob_id: id, account_id: accountId, hash, ...bands, blob_touched_at: createdAt, dominant_color };
}

function fileRow({ id, name, createdAt }: SeededFile, accountId: string, folderId: string): Row {
  const times = { created_at: createdAt, updated_at: createdAt };
  const version = { current_version_id: id, last_version_number: 1 };
  return { id, account_id: accountId, folder_id: folderId, name, ...version, ...times };
}

function versionRow(file: SeededFile, accountId: string): Row {
  const { id, mime, size, width, height, createdAt } = file;
  const kind = kindOf(mime);
  return {
    ...{ id, account_id: accountId, file_id: id, number: 1, blob_id: id, size, mime, kind, width, height },
    file_type: fileTypeOf(kind),
    has_alpha: kind === "picture" ? Number(mime === "image/png") : null,
    tags: jsonOf(file.tags),
    ai_tags: jsonOf(file.aiTags.map((name) => ({ name, confidence: 90, source: "google-auto-tagging" }))),
    custom_metadata: file.customMetadata === undefined ? null : JSON.stringify(file.customMetadata),
    embedded_metadata: file.embeddedMetadata === undefined ? null : JSON.stringify(file.embeddedMetadata),
    is_private_file: Number(file.isPrivate),
    is_published: 1,
    object_version: file.objectVersion,
    ...{ created_at: createdAt, updated_at: createdAt, purges: 0 },
  };
}

function jsonOf(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}
