import type { Updateable } from "kysely";
import type { Connection } from "../database.ts";
import type { Schema } from "../schema.ts";

/** The tables whose rows an account makes, changes and deletes by their ids. */
type OwnedTable = "named_transformations" | "origins" | "saved_extensions" | "url_endpoints";

export interface OwnedRow {
  readonly accountId: string;
  readonly id: string;
}

/** @returns whether the account has such a row */
export async function updateOwned<Table extends OwnedTable>(
  connection: Connection,
  table: Table,
  { accountId, id }: OwnedRow,
  change: Updateable<Schema[Table]>,
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable(table as "origins")
    .set(change as Updateable<Schema["origins"]>)
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** @returns whether the account had such a row */
export async function deleteOwned(
  connection: Connection,
  table: OwnedTable,
  { accountId, id }: OwnedRow,
): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom(table as "origins")
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}
