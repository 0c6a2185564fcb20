import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Uploads with a V1 signature: whether an account takes them, and the ledger of the tokens that they used. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const bytes = sql.raw(types.bytes);
  const integer = sql.raw(types.integer);
  await schema
    .alterTable("accounts")
    .addColumn("v1_uploads", integer, (column) => column.notNull().defaultTo(1))
    .execute();
  const ledger = schema.createTable("used_v1_tokens");
  await (types.keyedTable === undefined ? ledger : ledger.modifyEnd(sql.raw(types.keyedTable)))
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("digest", bytes, (column) => column.notNull())
    .addColumn("used_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("used_v1_tokens_key", ["account_id", "digest"])
    .execute();
  await schema.createIndex("used_v1_tokens_use").on("used_v1_tokens").column("used_at").execute();
}
