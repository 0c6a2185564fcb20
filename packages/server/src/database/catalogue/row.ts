import type { Selectable } from "kysely";
import type { CatalogueTable, CatalogueValuesTable } from "../schema.ts";

/** A row as it follows from the library. */
export type CatalogueRow = Omit<Selectable<CatalogueTable>, "settled">;
/** A row as it is stored. */
export type StoredRow = Selectable<CatalogueTable>;
export type CatalogueKey = Pick<CatalogueRow, "account_id" | "scope" | "id">;
export type CatalogueValue = Omit<Selectable<CatalogueValuesTable>, keyof CatalogueKey>;

export const kinds = { file: 0, "file-version": 1, folder: 2 } as const;

/** A file, an old version or a folder, as the catalogue has it. */
export interface CatalogueEntry {
  readonly row: CatalogueRow;
  readonly values: readonly CatalogueValue[];
}

export function keyOf({ account_id, scope, id }: CatalogueRow): CatalogueKey {
  return { account_id, scope, id };
}
