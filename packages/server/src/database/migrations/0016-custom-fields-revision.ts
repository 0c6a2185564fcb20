import { type Kysely, sql } from "kysely";
import { isPostgres } from "../dialect.ts";
import type { ColumnTypes } from "./column-types.ts";

/** Tells whoever has an account's custom metadata fields in memory whether they are still the same. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await database.schema
    .alterTable("accounts")
    .addColumn("custom_fields_revision", sql.raw(types.integer), (column) => column.notNull().defaultTo(0))
    .execute();
  for (const statement of isPostgres(database) ? postgresTriggers : sqliteTriggers) {
    await sql.raw(statement).execute(database);
  }
}

/**
 * The table's own business: whoever changes a field, a server of an earlier version included, there is another number. By
 * chance, since one that was counted would come again where a database has lost its last commits. What JavaScript can hold.
 */
const change = (row: "new" | "old", anyNumber: string) =>
  `update accounts set custom_fields_revision = ${anyNumber} where id = ${row}.account_id;`;

const largest = Number.MAX_SAFE_INTEGER;
const sqliteTrigger = (event: "insert" | "update" | "delete", row: "new" | "old") =>
  `create trigger custom_fields_${event} after ${event} on custom_metadata_fields
    begin ${change(row, `abs(random() % ${largest})`)} end`;
const sqliteTriggers = [sqliteTrigger("insert", "new"), sqliteTrigger("update", "new"), sqliteTrigger("delete", "old")];

const postgresFunction = (name: string, row: "new" | "old") =>
  `create function ${name}() returns trigger language plpgsql set search_path from current as $$
    begin ${change(row, `floor(random() * ${largest})::bigint`)} return null; end $$`;
const postgresTriggers = [
  postgresFunction("sluice_custom_fields_kept", "new"),
  postgresFunction("sluice_custom_fields_removed", "old"),
  `create trigger custom_fields_kept after insert or update on custom_metadata_fields
    for each row execute function sluice_custom_fields_kept()`,
  `create trigger custom_fields_removed after delete on custom_metadata_fields
    for each row execute function sluice_custom_fields_removed()`,
];
