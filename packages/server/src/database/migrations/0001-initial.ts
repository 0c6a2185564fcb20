import { type CreateTableBuilder, type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const bytes = sql.raw(types.bytes);
  const integer = sql.raw(types.integer);
  const keyed = (table: CreateTableBuilder<string>) =>
    types.keyedTable === undefined ? table : table.modifyEnd(sql.raw(types.keyedTable));

  await keyed(schema.createTable("accounts"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("imagekit_id", text, (column) => column.notNull().unique())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();

  await keyed(schema.createTable("key_pairs"))
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

  await keyed(schema.createTable("folders"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("parent_id", text, (column) => column.references("folders.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("path", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addUniqueConstraint("folders_path", ["account_id", "path"])
    .execute();
  await schema.createIndex("folders_parent").on("folders").column("parent_id").execute();

  await keyed(schema.createTable("files"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("folder_id", text, (column) => column.notNull().references("folders.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("current_version_id", text, (column) => column.notNull())
    .addColumn("last_version_number", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addUniqueConstraint("files_name", ["folder_id", "name"])
    .execute();
  await schema.createIndex("files_created").on("files").columns(["account_id", "created_at", "id"]).execute();

  await keyed(schema.createTable("blobs"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("storage_key", text, (column) => column.notNull().unique())
    .addColumn("sha256", bytes, (column) => column.notNull())
    .addColumn("size", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("touched_at", integer, (column) => column.notNull())
    .addUniqueConstraint("blobs_content", ["account_id", "sha256"])
    .execute();
  await schema.createIndex("blobs_touched").on("blobs").column("touched_at").execute();

  await keyed(schema.createTable("versions"))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("file_id", text, (column) => column.notNull().references("files.id"))
    .addColumn("number", integer, (column) => column.notNull())
    .addColumn("blob_id", text, (column) => column.notNull().references("blobs.id"))
    .addColumn("size", integer, (column) => column.notNull())
    .addColumn("mime", text, (column) => column.notNull())
    .addColumn("file_type", text, (column) => column.notNull())
    .addColumn("width", integer)
    .addColumn("height", integer)
    .addColumn("orientation", integer)
    .addColumn("has_alpha", integer)
    .addColumn("tags", text)
    .addColumn("ai_tags", text)
    .addColumn("custom_coordinates", text)
    .addColumn("description", text)
    .addColumn("is_private_file", integer, (column) => column.notNull())
    .addColumn("is_published", integer, (column) => column.notNull())
    .addColumn("object_version", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addUniqueConstraint("versions_number", ["file_id", "number"])
    .execute();
  await schema.createIndex("versions_blob").on("versions").column("blob_id").execute();

  await keyed(schema.createTable("used_tokens"))
    .addColumn("expires_at", integer, (column) => column.notNull())
    .addColumn("digest", bytes, (column) => column.notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("used_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("used_tokens_key", ["expires_at", "digest"])
    .execute();
}
