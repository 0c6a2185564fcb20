import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Extensions: those that have not ended yet, and the configurations that accounts have saved. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  const keyed = <Table extends { modifyEnd(end: ReturnType<typeof sql.raw>): Table }>(table: Table): Table =>
    types.keyedTable === undefined ? table : table.modifyEnd(sql.raw(types.keyedTable));
  await keyed(schema.createTable("extension_runs"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("file_id", text, (column) => column.notNull())
    .addColumn("version_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("options", text, (column) => column.notNull())
    .addColumn("webhook_url", text)
    .addColumn("public_url", text, (column) => column.notNull())
    .addColumn("imagekit_id", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
  await keyed(schema.createTable("saved_extensions"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("description", text, (column) => column.notNull())
    .addColumn("config", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .execute();
  await schema
    .createIndex("saved_extensions_account")
    .on("saved_extensions")
    .columns(["account_id", "created_at", "id"])
    .execute();
}
