import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Adds the table of how far jobs are. It goes by what a job is about, so that either queue can use it. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer, number } = tables;
  await tables
    .keyedTable("job_progress")
    .addColumn("job", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("fraction", number, (column) => column.notNull())
    .addColumn("message", text, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("job_progress_key", ["job", "key"])
    .execute();
}
