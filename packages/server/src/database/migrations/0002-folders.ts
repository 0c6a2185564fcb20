import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Lets folders move, and adds the bulk jobs that copy, move, rename and delete folders. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await database.schema
    .alterTable("folders")
    .addColumn("moved_at", integer, (column) => column.notNull().defaultTo(0))
    .execute();

  await tables
    .keyedTable("bulk_jobs")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("source_path", text, (column) => column.notNull())
    .addColumn("target_path", text)
    .addColumn("all_versions", integer, (column) => column.notNull())
    .addColumn("purge_id", text)
    .addColumn("public_url", text, (column) => column.notNull())
    .addColumn("progress", text, (column) => column.notNull())
    .addColumn("done", integer, (column) => column.notNull())
    .addColumn("total", integer, (column) => column.notNull())
    .addColumn("error", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ended_at", integer)
    .execute();
  // Finds the account's jobs that are under way, and those that ended long ago.
  await database.schema
    .createIndex("bulk_jobs_status")
    .on("bulk_jobs")
    .columns(["account_id", "status", "created_at"])
    .execute();
}
