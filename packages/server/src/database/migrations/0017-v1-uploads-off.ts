import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/**
 * V1 client uploads are off unless somebody switches them on, in every account: a V1 signature locks no parameter, and
 * until now accounts took them without anybody having asked for it. The column is made anew because SQLite can't change
 * a default.
 */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  await schema.alterTable("accounts").dropColumn("v1_uploads").execute();
  await schema
    .alterTable("accounts")
    .addColumn("v1_uploads", sql.raw(types.integer), (column) => column.notNull().defaultTo(0))
    .execute();
}
