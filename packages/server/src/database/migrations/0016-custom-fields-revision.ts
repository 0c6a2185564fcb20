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

/** The table's own business: whoever changes a field, a server of an earlier version included, the number moves on. */
const moveOn = (row: string) =>
  `update accounts set custom_fields_revision = custom_fields_revision + 1 where id = ${row}.account_id;`;

const sqliteTriggers = [
  `create trigger custom_fields_added after insert on custom_metadata_fields begin ${moveOn("new")} end`,
  `create trigger custom_fields_changed after update on custom_metadata_fields begin ${moveOn("new")} end`,
  `create trigger custom_fields_removed after delete on custom_metadata_fields begin ${moveOn("old")} end`,
];

const postgresTriggers = [
  `create function sluice_custom_fields_kept() returns trigger language plpgsql as $$ begin ${moveOn("new")} return null; end $$`,
  `create function sluice_custom_fields_removed() returns trigger language plpgsql as $$ begin ${moveOn("old")} return null; end $$`,
  "create trigger custom_fields_kept after insert or update on custom_metadata_fields for each row execute function sluice_custom_fields_kept()",
  "create trigger custom_fields_removed after delete on custom_metadata_fields for each row execute function sluice_custom_fields_removed()",
];
