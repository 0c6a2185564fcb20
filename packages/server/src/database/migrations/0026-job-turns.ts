import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Adds the table of the time that accounts' long jobs have used, by which the next one is chosen. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("job_turns")
    .addColumn("account_id", text, (column) => column.primaryKey().references("accounts.id"))
    .addColumn("used_until", integer, (column) => column.notNull())
    .execute();
}
