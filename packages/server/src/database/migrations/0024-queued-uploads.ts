import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Adds the table of uploads whose file a job makes. The reference keeps the content from being deleted, also by servers
 * of the version before, which don't know the table.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, bytes, integer } = tables;
  await tables
    .heapTable("queued_uploads")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("blob_id", text, (column) => column.notNull().references("blobs.id"))
    .addColumn("size", integer, (column) => column.notNull())
    .addColumn("key_id", text, (column) => column.notNull())
    .addColumn("token_expires_at", integer)
    .addColumn("token_digest", bytes)
    .addColumn("session_digest", bytes)
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("fields", text, (column) => column.notNull())
    .addColumn("request_id", text, (column) => column.notNull())
    .addColumn("public_url", text, (column) => column.notNull())
    .addColumn("client", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
  const { schema } = database;
  await schema.createIndex("queued_uploads_account").on("queued_uploads").columns(["account_id", "id"]).execute();
  await schema.createIndex("queued_uploads_blob").on("queued_uploads").column("blob_id").execute();
}
