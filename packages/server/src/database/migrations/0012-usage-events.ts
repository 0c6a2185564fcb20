import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Adds the table that counts each account's uploads, uses of the derived image cache, and refusals on each day. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("usage_events")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("day", text, (column) => column.notNull())
    .addColumn("source", text, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("events", integer, (column) => column.notNull())
    .addColumn("bytes", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_events_key", ["account_id", "day", "source", "kind", "name"])
    .execute();
}
