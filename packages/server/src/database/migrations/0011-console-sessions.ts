import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the tables of those who are signed in to the console. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, bytes, integer } = tables;
  await tables
    .keyedTable("console_instances")
    .addColumn("id", text, (column) => column.primaryKey())
    .execute();
  await sql`insert into console_instances (id) values (${randomBytes(6).toString("hex")})`.execute(database);
  await tables
    .keyedTable("console_sessions")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("token_hash", bytes, (column) => column.notNull().unique())
    .addColumn("key_pair_id", text, (column) => column.notNull())
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("client", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("last_seen_at", integer, (column) => column.notNull())
    .addColumn("ends_at", integer, (column) => column.notNull())
    .execute();
  await tables
    .keyedTable("console_links")
    .addColumn("hash", bytes, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ends_at", integer, (column) => column.notNull())
    .execute();
  for (const table of ["console_sessions", "console_links"]) {
    await database.schema.createIndex(`${table}_account`).on(table).columns(["account_id"]).execute();
  }
}
