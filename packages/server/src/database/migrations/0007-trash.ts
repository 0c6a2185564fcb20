import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { type TableBuilder, tableBuilder } from "./schema-dialect.ts";

/**
 * Adds the trash. A file in the trash has its rows in tables of its own, so a query of the library can't show it by
 * mistake. Versions in the trash count in the account's storage, and refer to their blobs, as other versions do.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { schema } = database;
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("trashed_files")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("folder_path", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("current_version_id", text, (column) => column.notNull())
    .addColumn("last_version_number", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addColumn("trashed_at", integer, (column) => column.notNull())
    .addColumn("purge_at", integer, (column) => column.notNull())
    .execute();
  await schema
    .createIndex("trashed_files_account")
    .on("trashed_files")
    .columns(["account_id", "trashed_at", "id"])
    .execute();
  await schema.createIndex("trashed_files_purge").on("trashed_files").columns(["purge_at", "id"]).execute();
  await createTrashedVersions(database, tables);
  for (const statement of storageTriggers[dialect.triggers]) await sql.raw(statement).execute(database);
  await schema.alterTable("bulk_jobs").addColumn("trash_ms", integer).execute();
}

/** The columns are those of `versions`, in any order. */
async function createTrashedVersions({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, integer } = tables;
  await tables
    .keyedTable("trashed_versions")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("file_id", text, (column) => column.notNull().references("trashed_files.id"))
    .addColumn("number", integer, (column) => column.notNull())
    .addColumn("blob_id", text, (column) => column.notNull().references("blobs.id"))
    .addColumn("size", integer, (column) => column.notNull())
    .addColumn("mime", text, (column) => column.notNull())
    .addColumn("file_type", text, (column) => column.notNull())
    .addColumn("width", integer)
    .addColumn("height", integer)
    .addColumn("orientation", integer)
    .addColumn("has_alpha", integer)
    .addColumn("pages", integer)
    .addColumn("tags", text)
    .addColumn("ai_tags", text)
    .addColumn("custom_coordinates", text)
    .addColumn("custom_metadata", text)
    .addColumn("embedded_metadata", text)
    .addColumn("description", text)
    .addColumn("is_private_file", integer, (column) => column.notNull())
    .addColumn("is_published", integer, (column) => column.notNull())
    .addColumn("object_version", text, (column) => column.notNull())
    .addColumn("purges", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addUniqueConstraint("trashed_versions_number", ["file_id", "number"])
    .execute();
  await schema.createIndex("trashed_versions_blob").on("trashed_versions").column("blob_id").execute();
}

/** Versions in the trash are counted with the others (`schema/storage-triggers.ts`). */
const count = (row: "new" | "old", sign: "" | "-") => `
  insert into account_storage (account_id, part, bytes)
  values (${row}.account_id, substr(${row}.file_id, length(${row}.file_id), 1), ${sign}${row}.size)
  on conflict (account_id, part) do update set bytes = account_storage.bytes + excluded.bytes;
`;

const storageTriggers = {
  sqlite: [
    `create trigger trashed_versions_added after insert on trashed_versions begin ${count("new", "")} end`,
    `create trigger trashed_versions_removed after delete on trashed_versions begin ${count("old", "-")} end`,
  ],
  plpgsql: [
    "create trigger trashed_versions_added after insert on trashed_versions for each row execute function sluice_count_added()",
    "create trigger trashed_versions_removed after delete on trashed_versions for each row execute function sluice_count_removed()",
  ],
} as const;
