import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the table of ZIPs whose download has not begun. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, bytes, integer } = tables;
  await tables
    .keyedTable("zip_tickets")
    .addColumn("hash", bytes, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("key_pair_id", text, (column) => column.notNull())
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("selection", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ends_at", integer, (column) => column.notNull())
    .execute();
  await database.schema.createIndex("zip_tickets_account").on("zip_tickets").columns(["account_id"]).execute();
}
