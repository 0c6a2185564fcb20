import type { Kysely } from "kysely";
import type { Schema } from "../../schema.ts";
import { entryOfFolder, entryOfVersion, termsOf } from "../entry.ts";
import { type IndexEntry, keyOf } from "../row.ts";
import { selectFolderSources, selectVersionSources } from "../sources.ts";

const page = 500;

/** Fills an empty search index from all files, versions and folders. It has a bounded part of them in memory. */
export async function fillSearchIndex(connection: Kysely<Schema>): Promise<void> {
  for (let after = ""; ; ) {
    const folders = await selectFolderSources(connection).where("id", ">", after).orderBy("id").limit(page).execute();
    await insertEntries(connection, folders.map(entryOfFolder));
    const last = folders.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  for (let after = ""; ; ) {
    const versions = await selectVersionSources(connection)
      .where("versions.id", ">", after)
      .orderBy("versions.id")
      .limit(page)
      .execute();
    await insertEntries(connection, versions.map(entryOfVersion));
    const last = versions.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
}

/** Adds entries by statements of many rows each. */
async function insertEntries(connection: Kysely<Schema>, entries: readonly IndexEntry[]): Promise<void> {
  const rows = entries.map(({ row }) => row);
  for (const some of inParts(rows)) await connection.insertInto("catalogue").values(some).execute();
  const keyed = entries.map((entry) => ({ entry, key: keyOf(entry.row) }));
  const terms = keyed.flatMap(({ entry, key }) =>
    [...termsOf(entry.row)].map((term) => ({ ...key, created_at: entry.row.created_at, term })),
  );
  for (const some of inParts(terms)) await connection.insertInto("catalogue_terms").values(some).execute();
  const values = keyed.flatMap(({ entry, key }) => entry.values.map((value) => ({ ...key, ...value })));
  for (const some of inParts(values)) await connection.insertInto("catalogue_values").values(some).execute();
}

/** Number of parameters of one statement. Either database takes more. */
const maxParameters = 6000;

/** Splits rows of equal columns into parts that one statement takes. */
function inParts<Row extends object>(rows: readonly Row[]): Row[][] {
  const rowsAtOnce = Math.floor(maxParameters / Object.keys(rows[0] ?? { none: 0 }).length);
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, part) =>
    rows.slice(part * rowsAtOnce, (part + 1) * rowsAtOnce),
  );
}
