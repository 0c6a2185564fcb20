import type { Connection } from "../database.ts";
import { entryOfFolder, entryOfVersion, termsOf } from "./entry.ts";
import { type IndexEntry, type IndexRow, keyOf } from "./row.ts";
import { selectFolderSources, selectVersionSources } from "./sources.ts";

const page = 500;

/**
 * Finds files, old versions and folders that the search index shows wrongly or not at all, and entries of what isn't there
 * any more. While a server runs, what seems wrong is read once more.
 */
export async function findMisindexed(connection: Connection): Promise<string[]> {
  const wrong: string[] = [];
  for (const pageAfter of [entriesOfVersions, entriesOfFolders]) {
    for (let after = ""; ; ) {
      const { entries, last } = await pageAfter(connection, after);
      for (const id of await differing(connection, entries)) {
        const again = await pageAfter(connection, "", id);
        if ((await differing(connection, again.entries)).length > 0) wrong.push(id);
      }
      if (last === undefined) break;
      after = last;
    }
  }
  return [...wrong, ...(await findStrayEntries(connection))];
}

interface EntryPage {
  /** By the ids of their versions or folders. A row that can't be read has none. */
  readonly entries: ReadonlyMap<string, IndexEntry | undefined>;
  readonly last: string | undefined;
}

async function entriesOfVersions(connection: Connection, after: string, id?: string): Promise<EntryPage> {
  const query = selectVersionSources(connection).orderBy("versions.id").limit(page);
  const sources = await (id === undefined
    ? query.where("versions.id", ">", after)
    : query.where("versions.id", "=", id)
  ).execute();
  return {
    entries: new Map(sources.map((source) => [source.id, entryIn(() => entryOfVersion(source))])),
    last: sources.at(-1)?.id,
  };
}

async function entriesOfFolders(connection: Connection, after: string, id?: string): Promise<EntryPage> {
  const query = selectFolderSources(connection).orderBy("id").limit(page);
  const sources = await (id === undefined ? query.where("id", ">", after) : query.where("id", "=", id)).execute();
  return {
    entries: new Map(sources.map((source) => [source.id, entryIn(() => entryOfFolder(source))])),
    last: sources.at(-1)?.id,
  };
}

/** A damaged row, such as one whose tags are no JSON, must not keep the others from being looked at. */
function entryIn(read: () => IndexEntry): IndexEntry | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function differing(connection: Connection, entries: EntryPage["entries"]): Promise<string[]> {
  const differ: string[] = [];
  for (const [id, entry] of entries) {
    if (entry === undefined || !(await isAsWritten(connection, entry))) differ.push(id);
  }
  return differ;
}

async function isAsWritten(connection: Connection, { row, values }: IndexEntry): Promise<boolean> {
  const key = keyOf(row);
  const found = await connection
    .selectFrom("catalogue")
    .selectAll()
    .where("scope", "=", key.scope)
    .where("id", "=", key.id)
    .executeTakeFirst();
  const columns = Object.keys(row) as (keyof IndexRow)[];
  if (found === undefined || columns.some((column) => found[column] !== row[column])) return false;
  // A row that isn't settled has no terms yet.
  const terms = found.settled === null ? [] : [...termsOf(row)];
  if (terms.length > 0) {
    const rows = await connection
      .selectFrom("catalogue_terms")
      .select("term")
      .where("account_id", "=", key.account_id)
      .where("scope", "=", key.scope)
      .where("term", "in", terms)
      .where("created_at", "=", row.created_at)
      .where("id", "=", key.id)
      .execute();
    if (rows.length !== terms.length) return false;
  }
  const written = await connection
    .selectFrom("catalogue_values")
    .select(["field", "text", "words", "number", "time"])
    .where("account_id", "=", key.account_id)
    .where("scope", "=", key.scope)
    .where("id", "=", key.id)
    .execute();
  return JSON.stringify(written.map(spelled).sort()) === JSON.stringify(values.map(spelled).sort());
}

function spelled({ field, text, words, number, time }: IndexEntry["values"][number]): string {
  return JSON.stringify([field, text, words, number, time]);
}

/** Finds entries, terms and values of what the library doesn't have. */
async function findStrayEntries(connection: Connection): Promise<string[]> {
  const entries = await connection
    .selectFrom("catalogue")
    .leftJoin("versions", (join) =>
      join.onRef("versions.id", "=", "catalogue.version_id").onRef("versions.file_id", "=", "catalogue.file_id"),
    )
    .leftJoin("folders", (join) => join.onRef("folders.id", "=", "catalogue.id").on("catalogue.kind", "=", 2))
    .select("catalogue.id")
    .where("versions.id", "is", null)
    .where("folders.id", "is", null)
    .execute();
  const terms = await connection
    .selectFrom("catalogue_terms as terms")
    .leftJoin("catalogue", (join) =>
      join
        .onRef("catalogue.id", "=", "terms.id")
        .onRef("catalogue.scope", "=", "terms.scope")
        .onRef("catalogue.created_at", "=", "terms.created_at")
        .on("catalogue.settled", "is not", null),
    )
    .select("terms.id")
    .distinct()
    .where("catalogue.id", "is", null)
    .execute();
  const values = await connection
    .selectFrom("catalogue_values as own")
    .leftJoin("catalogue", (join) =>
      join.onRef("catalogue.id", "=", "own.id").onRef("catalogue.scope", "=", "own.scope"),
    )
    .select("own.id")
    .distinct()
    .where("catalogue.id", "is", null)
    .execute();
  return [...new Set([...entries, ...terms, ...values].map(({ id }) => id))];
}
