import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Creates the table of resumable uploads. What a piece of an upload changes (`received`, `bytes` and the lease) is in no
 * index, so that a piece costs one write of one row. The long columns come last: what is before them is read without them.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, bytes, integer } = tables;
  const { schema } = database;
  await tables
    .heapTable("upload_sessions")
    .addColumn("id_digest", bytes, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("key_id", text, (column) => column.notNull())
    .addColumn("token_expires_at", integer)
    .addColumn("token_digest", bytes)
    .addColumn("request_id", text, (column) => column.notNull())
    .addColumn("public_url", text, (column) => column.notNull())
    .addColumn("client", text, (column) => column.notNull())
    .addColumn("arrived_at", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("expires_at", integer, (column) => column.notNull())
    .addColumn("length", integer, (column) => column.notNull())
    .addColumn("received", integer, (column) => column.notNull())
    .addColumn("blob_key", text, (column) => column.notNull())
    .addColumn("bytes", text)
    .addColumn("holder", text)
    .addColumn("lease_until", integer)
    .addColumn("wanted", integer, (column) => column.notNull())
    .addColumn("takeovers", integer, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("version_id", text)
    .addColumn("answer", text)
    .addColumn("refusal", text)
    .addColumn("fields", text, (column) => column.notNull())
    .addColumn("metadata", text, (column) => column.notNull())
    .execute();
  await schema
    .createIndex("upload_sessions_account")
    .on("upload_sessions")
    .columns(["account_id", "state", "key_id", "expires_at"])
    .execute();
  await schema.createIndex("upload_sessions_end").on("upload_sessions").columns(["state", "expires_at"]).execute();
  await schema
    .createIndex("upload_sessions_client")
    .on("upload_sessions")
    .columns(["client", "expires_at"])
    .where(sql.ref("state"), "=", sql.lit("open"))
    .execute();
  await schema
    .createIndex("upload_sessions_token")
    .on("upload_sessions")
    .columns(["token_expires_at", "token_digest"])
    .unique()
    .execute();
  await schema.createIndex("upload_sessions_blob").on("upload_sessions").column("blob_key").execute();
}
