import type { Selectable } from "kysely";
import type { SearchIndexTable, SearchIndexValuesTable } from "../schema.ts";

/** A row as it follows from the library. */
export type IndexRow = Omit<Selectable<SearchIndexTable>, "settled">;
/** A row as it is stored. */
export type StoredRow = Selectable<SearchIndexTable>;
export type IndexKey = Pick<IndexRow, "account_id" | "scope" | "id">;
export type IndexValue = Omit<Selectable<SearchIndexValuesTable>, keyof IndexKey>;

export const kinds = { file: 0, "file-version": 1, folder: 2 } as const;

/** A file, an old version or a folder, as the search index has it. */
export interface IndexEntry {
  readonly row: IndexRow;
  readonly values: readonly IndexValue[];
}

export function keyOf({ account_id, scope, id }: IndexRow): IndexKey {
  return { account_id, scope, id };
}
