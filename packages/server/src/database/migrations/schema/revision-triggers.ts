import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "../schema-dialect.ts";

/** Tables that processes remember for an account. A change of a row in them gives the account another revision. */
const rememberedTables = ["custom_metadata_fields", "named_transformations"] as const;

/**
 * Triggers make another revision whoever changes a row, even an operator's own statement. The revision is random: a
 * counted one would come again after a database has lost its last commits. It stays within the integers that JavaScript
 * can hold.
 */
export async function createRevisionTriggers(database: Kysely<unknown>, { triggers }: SchemaDialect): Promise<void> {
  for (const statement of statements[triggers]) {
    await sql.raw(statement).execute(database);
  }
}

const change = (row: "new" | "old", anyNumber: string) =>
  `update accounts set revision = ${anyNumber} where id = ${row}.account_id;`;

const largest = Number.MAX_SAFE_INTEGER;

const sqliteTrigger = (table: string, event: "insert" | "update" | "delete", row: "new" | "old") =>
  `create trigger ${table}_${event} after ${event} on ${table}
    begin ${change(row, `abs(random() % ${largest})`)} end`;
const sqliteTriggers = (table: string) => [
  sqliteTrigger(table, "insert", "new"),
  sqliteTrigger(table, "update", "new"),
  sqliteTrigger(table, "delete", "old"),
];

const postgresFunction = (name: string, row: "new" | "old") =>
  `create function ${name}() returns trigger language plpgsql set search_path from current as $$
    begin ${change(row, `floor(random() * ${largest})::bigint`)} return null; end $$`;
const postgresFunctions = [
  postgresFunction("sluice_account_row_kept", "new"),
  postgresFunction("sluice_account_row_removed", "old"),
];
const postgresTriggers = (table: string) => [
  `create trigger ${table}_kept after insert or update on ${table}
      for each row execute function sluice_account_row_kept()`,
  `create trigger ${table}_removed after delete on ${table}
      for each row execute function sluice_account_row_removed()`,
];

/** The statements by which changes of a table's rows give their account another revision. */
export const revisionTriggers = { sqlite: sqliteTriggers, plpgsql: postgresTriggers } as const;

const statements = {
  sqlite: rememberedTables.flatMap(sqliteTriggers),
  plpgsql: [...postgresFunctions, ...rememberedTables.flatMap(postgresTriggers)],
} as const;
