import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the table in which servers say that they live, and the level that a server needs. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("nodes")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("level", integer, (column) => column.notNull())
    .addColumn("seen_at", integer, (column) => column.notNull())
    .execute();
  await tables
    .keyedTable("node_floor")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("level", integer, (column) => column.notNull())
    .addColumn("since", text, (column) => column.notNull())
    .execute();
  await sql`insert into node_floor (id, level, since) values ('nodes', 0, '')`.execute(database);
}
