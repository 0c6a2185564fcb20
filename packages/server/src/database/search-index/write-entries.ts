import type { Insertable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { SearchIndexTable } from "../schema.ts";
import { termsOf } from "./entry.ts";
import { type IndexEntry, type IndexKey, type IndexRow, type IndexValue, keyOf, type StoredRow } from "./row.ts";

/**
 * Adds an entry that is known not to be there.
 * @param later leaves it to `settleSearchIndex` to settle the entry, where the engine does so. A task may leave one such
 * entry, since the rows that wait are bounded by the tasks that wait.
 */
export async function insertEntry(connection: Connection, { row, values }: IndexEntry, later: boolean): Promise<void> {
  const settlesLater = later && connection.engine.settlesLater;
  await insertRow(connection, { ...row, settled: settlesLater ? null : 1 });
  if (!settlesLater) await insertTerms(connection, row, [...termsOf(row)]);
  for (const value of values) await insertValue(connection, { ...keyOf(row), ...value });
}

export async function deleteEntry(connection: Connection, row: StoredRow): Promise<void> {
  await deleteRow(connection, row);
  if (row.settled !== null) await deleteTerms(connection, row, [...termsOf(row)]);
  await deleteValues(connection, row);
}

/** Makes an entry that is there as `next`, and touches only what differs. */
export async function changeEntry(connection: Connection, before: StoredRow, next: IndexEntry): Promise<void> {
  const { row, values } = next;
  const changes = Object.entries(row).filter(([column, value]) => before[column as keyof IndexRow] !== value);
  if (changes.length > 0) {
    const query = connection.updateTable("catalogue").set(Object.fromEntries(changes));
    await query.where("scope", "=", row.scope).where("id", "=", row.id).execute();
  }
  if (before.settled !== null) await changeTerms(connection, before, row);
  // Equal terms don't mean equal values: of a long text a term has the beginning.
  if (values.length === 0 && before.terms === null) return;
  await deleteValues(connection, before);
  for (const value of values) await insertValue(connection, { ...keyOf(row), ...value });
}

async function changeTerms(connection: Connection, before: IndexRow, row: IndexRow): Promise<void> {
  const [had, has] = [termsOf(before), termsOf(row)];
  const keeps = before.created_at === row.created_at;
  const gone = [...had].filter((term) => !keeps || !has.has(term));
  const added = [...has].filter((term) => !keeps || !had.has(term));
  await deleteTerms(connection, before, gone);
  await insertTerms(connection, row, added);
}

const columns = [
  ...["scope", "id", "account_id", "kind", "file_id", "version_id", "folder_id", "name", "words", "created_at"],
  ...["updated_at", "size", "width", "height", "is_image", "format", "is_private", "is_published", "has_alpha"],
  ...["tag_words", "has_keywords", "taken_at", "latitude", "longitude", "place_x", "place_y", "place_z", "terms"],
  "settled",
] as readonly (keyof SearchIndexTable)[];

const insertRow = prepared((connection, row: StoredRow) =>
  connection
    .insertInto("catalogue")
    .values(Object.fromEntries(columns.map((column) => [column, row[column]])) as Insertable<SearchIndexTable>),
);

const insertValue = prepared((connection, value: IndexValue & IndexKey) =>
  connection.insertInto("catalogue_values").values({
    account_id: value.account_id,
    scope: value.scope,
    id: value.id,
    field: value.field,
    text: value.text,
    words: value.words,
    number: value.number,
    time: value.time,
  }),
);

const deleteRow = prepared((connection, by: Pick<IndexRow, "scope" | "id">) =>
  connection.deleteFrom("catalogue").where("scope", "=", by.scope).where("id", "=", by.id),
);

const deleteValues = prepared((connection, by: IndexKey) =>
  connection
    .deleteFrom("catalogue_values")
    .where("account_id", "=", by.account_id)
    .where("scope", "=", by.scope)
    .where("id", "=", by.id),
);

/** The maximum number of terms that one statement adds. Each number of terms up to this one is a statement of its own. */
const maxTermsAtOnce = 8;

type TermsToAdd = Readonly<Record<string, unknown>>;

const insertSeveral = Array.from({ length: maxTermsAtOnce + 1 }, (_, count) =>
  prepared((connection, row: TermsToAdd) =>
    connection
      .insertInto("catalogue_terms")
      .values(
        Array.from({ length: count }, (_, index) => ({
          account_id: row.account_id as string,
          scope: row.scope as 0 | 1,
          term: row[`term${index}`] as string,
          created_at: row.created_at as number,
          id: row.id as string,
        })),
      )
      .onConflict((conflict) => conflict.doNothing()),
  ),
);

export async function insertTerms(connection: Connection, row: IndexRow, terms: readonly string[]): Promise<void> {
  const key = keyOf(row);
  for (let start = 0; start < terms.length; start += maxTermsAtOnce) {
    const some = terms.slice(start, start + maxTermsAtOnce);
    const named = Object.fromEntries(some.map((term, index) => [`term${index}`, term]));
    await insertSeveral[some.length]?.(connection, { ...key, created_at: row.created_at, ...named });
  }
}

async function deleteTerms(connection: Connection, row: IndexRow, terms: readonly string[]): Promise<void> {
  const key = keyOf(row);
  for (const term of terms) await deleteTerm(connection, { ...key, created_at: row.created_at, term });
}

const deleteTerm = prepared((connection, by: IndexKey & { readonly term: string; readonly created_at: number }) =>
  connection
    .deleteFrom("catalogue_terms")
    .where("account_id", "=", by.account_id)
    .where("scope", "=", by.scope)
    .where("term", "=", by.term)
    .where("created_at", "=", by.created_at)
    .where("id", "=", by.id),
);
