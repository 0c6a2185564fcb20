import { type Kysely, sql } from "kysely";
import { revisionTriggers } from "./schema/revision-triggers.ts";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Creates the tables of URL endpoints and origins. Processes remember both for an account, so a change of a row gives
 * the account another revision.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("origins")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("settings", text, (column) => column.notNull())
    .addColumn("secrets", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex("origins_account")
    .on("origins")
    .columns(["account_id", "created_at", "id"])
    .execute();
  await tables
    .keyedTable("url_endpoints")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("description", text, (column) => column.notNull())
    .addColumn("url_prefix", text, (column) => column.notNull())
    .addColumn("origin_ids", text, (column) => column.notNull())
    .addColumn("url_rewriter", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("url_endpoints_key", ["account_id", "id"])
    .addUniqueConstraint("url_endpoints_prefix", ["account_id", "url_prefix"])
    .execute();
  for (const table of ["origins", "url_endpoints"]) {
    for (const statement of revisionTriggers[dialect.triggers](table)) await sql.raw(statement).execute(database);
  }
}
