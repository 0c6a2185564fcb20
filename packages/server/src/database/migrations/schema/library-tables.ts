import type { Kysely } from "kysely";
import type { TableBuilder } from "../schema-dialect.ts";

/** Folders, files, versions and blobs, and the purges of what was derived from versions. */
export async function createLibraryTables({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, bytes, integer } = tables;

  await tables
    .keyedTable("folders")
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

  await tables
    .keyedTable("files")
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

  await tables
    .keyedTable("blobs")
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

  await tables
    .keyedTable("versions")
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
    .addColumn("custom_metadata", text)
    .addColumn("embedded_metadata", text)
    .addColumn("purges", integer, (column) => column.notNull().defaultTo(0))
    .addColumn("pages", integer)
    .addUniqueConstraint("versions_number", ["file_id", "number"])
    .execute();
  await schema.createIndex("versions_blob").on("versions").column("blob_id").execute();

  await tables
    .keyedTable("purges")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("path_prefix", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("completed_at", integer)
    .execute();
  await schema.createIndex("purges_age").on("purges").columns(["account_id", "created_at"]).execute();
}
