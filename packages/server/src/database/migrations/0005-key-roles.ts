import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Gives key pairs a role and keeps the day of their last use. The pairs that are there may do everything. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { text, integer } = tableBuilder(database, dialect);
  const change = () => database.schema.alterTable("key_pairs");
  await change()
    .addColumn("role", text, (column) => column.notNull().defaultTo("full"))
    .execute();
  await change()
    .addColumn("may_overwrite", integer, (column) => column.notNull().defaultTo(1))
    .execute();
  await change().addColumn("revoked_at", integer).execute();
  await change().addColumn("last_used_on", text).execute();
}
