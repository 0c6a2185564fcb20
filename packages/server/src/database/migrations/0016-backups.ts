import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the hold by which a backup keeps sweeps from deleting contents, and the table of restores. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("content_holds")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("holder", text)
    .addColumn("held_since", integer)
    .addColumn("held_until", integer, (column) => column.notNull())
    .execute();
  await sql`insert into content_holds (id, held_until) values ('contents', 0)`.execute(database);
  await tables
    .keyedTable("restores")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("restored_at", integer, (column) => column.notNull())
    .addColumn("served_at", integer)
    .addColumn("issued_after", integer, (column) => column.notNull())
    .execute();
}
