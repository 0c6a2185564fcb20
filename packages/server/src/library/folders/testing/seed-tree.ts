import type { Kysely } from "kysely";
import type { Config } from "../../../config/config.ts";
import { pathWithin } from "../../../database/repositories/folders.ts";
import type { Schema } from "../../../database/schema.ts";
import { fillSearchIndex } from "../../../database/search-index/testing/fill-index.ts";
import { openOtherConnection } from "../../../testing/other-connection.ts";
import { newId } from "../../../text/id.ts";
import { newObjectVersion } from "../../versions/enter-version.ts";
import { nameOf, parentPath } from "../folder-paths.ts";

export interface TreeToSeed {
  /** Each comes after the folder that it lies in, which may be there already. */
  readonly folders: readonly string[];
  /** Paths of files in these folders, or in folders that are there. */
  readonly files: readonly string[];
  /** The file whose current version all of them copy. */
  readonly like: { readonly account_id: string; readonly id: string };
}

const rowsPerInsert = 200;

/** Inserts as many folders and files as thousands of requests would create. */
export async function seedTree(
  config: Pick<Config, "databaseUrl" | "dataDir">,
  { folders, files, like }: TreeToSeed,
): Promise<void> {
  const other = openOtherConnection(config);
  try {
    await insertTree(other, { folders, files, like });
    await other.transaction().execute(indexAll);
  } finally {
    await other.destroy();
  }
}

/** Gives a file as many versions as `count`, all with the content of its current one. */
export async function seedVersions(
  config: Pick<Config, "databaseUrl" | "dataDir">,
  { file_id }: { readonly file_id: string },
  count: number,
): Promise<void> {
  const other = openOtherConnection(config);
  try {
    const versions = other.selectFrom("versions").selectAll().where("file_id", "=", file_id).orderBy("number", "desc");
    const last = await versions.executeTakeFirstOrThrow();
    // This connection gets PostgreSQL's large integers as text.
    const first = Number(last.number) + 1;
    const rows = Array.from({ length: count - first + 1 }, (_, index) => {
      return { ...last, id: newId(), number: first + index, object_version: newObjectVersion() };
    });
    await other.insertInto("versions").values(rows).execute();
    await other.updateTable("files").set({ last_version_number: count }).where("id", "=", file_id).execute();
    await other.transaction().execute(indexAll);
  } finally {
    await other.destroy();
  }
}

/** Needs a transaction of its own: a server may settle an upload's terms between the deletions. */
async function indexAll(connection: Kysely<Schema>): Promise<void> {
  for (const table of ["catalogue_values", "catalogue_terms", "catalogue"] as const) {
    await connection.deleteFrom(table).execute();
  }
  await fillSearchIndex(connection);
}

/**
 * Inserts files in many transactions: each version changes the count of what its account stores, and PostgreSQL looks at all
 * states that the count has had in the same transaction.
 */
async function insertTree(connection: Kysely<Schema>, { folders, files, like }: TreeToSeed): Promise<void> {
  const account_id = like.account_id;
  const known = await connection
    .selectFrom("folders")
    .select(["id", "path"])
    .where("account_id", "=", account_id)
    .execute();
  const ids = new Map(known.map(({ id, path }) => [path, id]));
  const times = { created_at: 1, updated_at: 1 };
  const folderRows = folders.map((path) => {
    const id = newId();
    ids.set(path, id);
    return { id, account_id, parent_id: ids.get(parentPath(path)) ?? "", name: nameOf(path), path, ...times };
  });
  for (const rows of inChunks(folderRows)) await connection.insertInto("folders").values(rows).execute();
  const version = await connection
    .selectFrom("versions")
    .selectAll()
    .where("id", "=", like.id)
    .executeTakeFirstOrThrow();
  const fileRows = files.map((path) => {
    const id = newId();
    const place = { folder_id: ids.get(parentPath(path)) ?? "", name: nameOf(path) };
    return { id, account_id, ...place, current_version_id: id, last_version_number: 1, ...times };
  });
  for (const rows of inChunks(fileRows)) {
    const versions = rows.map(({ id }) => ({
      ...version,
      id,
      file_id: id,
      number: 1,
      object_version: newObjectVersion(),
    }));
    await connection.transaction().execute(async (transaction) => {
      await transaction.insertInto("files").values(rows).execute();
      await transaction.insertInto("versions").values(versions).execute();
    });
  }
}

function* inChunks<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += rowsPerInsert) yield rows.slice(start, start + rowsPerInsert);
}

/** Paths of `count` entries in a folder. */
export function pathsIn(folder: string, prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => pathWithin(folder, `${prefix}${index}`));
}
