import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Tells whoever has an account's custom metadata fields in memory whether they are still the same. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await database.schema
    .alterTable("accounts")
    .addColumn("custom_fields_revision", sql.raw(types.integer), (column) => column.notNull().defaultTo(0))
    .execute();
}
