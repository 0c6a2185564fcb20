import { type Kysely, sql } from "kysely";
import { isPostgres } from "../dialect.ts";
import type { ColumnTypes } from "./column-types.ts";

/** What processes remember of an account: a change of a row of these tables gives the account another revision. */
const rememberedTables = ["custom_metadata_fields", "named_transformations"] as const;

/** The number that told of custom metadata fields alone tells of everything that processes remember of an account. */
export async function up(database: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  const statements = isPostgres(database) ? postgres : sqlite;
  for (const statement of statements.earlier) await sql.raw(statement).execute(database);
  await database.schema.alterTable("accounts").renameColumn("custom_fields_revision", "revision").execute();
  for (const statement of statements.triggers) await sql.raw(statement).execute(database);
}

/**
 * Triggers, so that whoever changes a row, an operator's own statement included, makes another revision. It is random: a
 * counted one would come again where a database has lost its last commits. It stays within what JavaScript can hold.
 */
const change = (row: "new" | "old", anyNumber: string) =>
  `update accounts set revision = ${anyNumber} where id = ${row}.account_id;`;

const largest = Number.MAX_SAFE_INTEGER;

const sqliteTrigger = (table: string, event: "insert" | "update" | "delete", row: "new" | "old") =>
  `create trigger ${table}_${event} after ${event} on ${table}
    begin ${change(row, `abs(random() % ${largest})`)} end`;
const sqlite = {
  earlier: ["insert", "update", "delete"].map((event) => `drop trigger custom_fields_${event}`),
  triggers: rememberedTables.flatMap((table) => [
    sqliteTrigger(table, "insert", "new"),
    sqliteTrigger(table, "update", "new"),
    sqliteTrigger(table, "delete", "old"),
  ]),
};

const postgresFunction = (name: string, row: "new" | "old") =>
  `create function ${name}() returns trigger language plpgsql set search_path from current as $$
    begin ${change(row, `floor(random() * ${largest})::bigint`)} return null; end $$`;
const postgres = {
  earlier: [
    "drop trigger custom_fields_kept on custom_metadata_fields",
    "drop trigger custom_fields_removed on custom_metadata_fields",
    "drop function sluice_custom_fields_kept()",
    "drop function sluice_custom_fields_removed()",
  ],
  triggers: [
    postgresFunction("sluice_account_row_kept", "new"),
    postgresFunction("sluice_account_row_removed", "old"),
    ...rememberedTables.flatMap((table) => [
      `create trigger ${table}_kept after insert or update on ${table}
        for each row execute function sluice_account_row_kept()`,
      `create trigger ${table}_removed after delete on ${table}
        for each row execute function sluice_account_row_removed()`,
    ]),
  ],
};
