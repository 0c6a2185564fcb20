import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** The account's named transformations, and what it delivers otherwise than by default. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  const named = schema.createTable("named_transformations");
  await (types.keyedTable === undefined ? named : named.modifyEnd(sql.raw(types.keyedTable)))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("transformation", text, (column) => column.notNull())
    .addColumn("enabled", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addUniqueConstraint("named_transformations_name", ["account_id", "name"])
    .execute();
  await schema.alterTable("accounts").addColumn("delivery_switches", text).execute();
}
