import type { Kysely } from "kysely";
import type { TableBuilder } from "../schema-dialect.ts";

export async function createAccountTables({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, bytes, integer } = tables;

  await tables
    .keyedTable("accounts")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("imagekit_id", text, (column) => column.notNull().unique())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("custom_metadata_defaults", text)
    .addColumn("event_routes", text)
    .addColumn("delivery_switches", text)
    .addColumn("storage_limit", integer)
    .addColumn("revision", integer, (column) => column.notNull().defaultTo(0))
    .addColumn("v1_uploads", integer, (column) => column.notNull().defaultTo(0))
    .execute();

  await tables
    .keyedTable("account_storage")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("part", text, (column) => column.notNull())
    .addColumn("bytes", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("account_storage_key", ["account_id", "part"])
    .execute();

  await tables
    .keyedTable("key_pairs")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("public_key", text, (column) => column.notNull().unique())
    .addColumn("private_key", text, (column) => column.notNull())
    .addColumn("private_key_hash", bytes, (column) => column.notNull().unique())
    .addColumn("origin", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("expires_at", integer)
    .execute();
  await schema.createIndex("key_pairs_account").on("key_pairs").column("account_id").execute();
}
