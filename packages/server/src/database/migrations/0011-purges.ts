import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** What was asked to be made anew, and how often that was of each version. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  const purges = schema.createTable("purges");
  await (types.keyedTable === undefined ? purges : purges.modifyEnd(sql.raw(types.keyedTable)))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("path_prefix", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("completed_at", integer)
    .execute();
  await schema.createIndex("purges_age").on("purges").columns(["account_id", "created_at"]).execute();
  await schema
    .alterTable("versions")
    .addColumn("purges", integer, (column) => column.notNull().defaultTo(0))
    .execute();
}
