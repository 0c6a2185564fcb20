import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Adds the catalogue, which lists and searches read. It begins empty: every release has it, so no library of a release
 * gets it by this migration.
 *
 * An upload pays for each index. An index in whose middle new rows fall dirties a page of its own for nearly every
 * upload, so there are only three of those: by name, by size, and by the words of names. The others grow at their ends,
 * or where most files are alike.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  const { schema } = database;

  await tables
    .keyedTable("catalogue")
    .addColumn("scope", integer, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("kind", integer, (column) => column.notNull())
    .addColumn("file_id", text)
    .addColumn("version_id", text)
    .addColumn("folder_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("words", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addColumn("size", integer)
    .addColumn("width", integer)
    .addColumn("height", integer)
    .addColumn("is_image", integer)
    .addColumn("format", text)
    .addColumn("is_private", integer)
    .addColumn("is_published", integer)
    .addColumn("has_alpha", integer)
    .addColumn("tag_words", text)
    .addColumn("has_keywords", integer)
    .addColumn("taken_at", integer)
    .addColumn("latitude", tables.number)
    .addColumn("longitude", tables.number)
    .addColumn("place_x", tables.number)
    .addColumn("place_y", tables.number)
    .addColumn("place_z", tables.number)
    .addColumn("terms", text)
    .addPrimaryKeyConstraint("catalogue_key", ["scope", "id"])
    .execute();
  for (const column of ["name", "created_at", "updated_at", "size", "width", "height"] as const) {
    await schema
      .createIndex(`catalogue_${column}`)
      .on("catalogue")
      .columns(["account_id", "scope", column, "id"])
      .execute();
  }
  await schema
    .createIndex("catalogue_folder")
    .on("catalogue")
    .columns(["folder_id", "scope", "created_at", "id"])
    .execute();
  await schema
    .createIndex("catalogue_versions")
    .on("catalogue")
    .columns(["file_id", "id"])
    .where("scope" as never, "=", 1)
    .execute();

  await tables
    .keyedTable("catalogue_terms")
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("scope", integer, (column) => column.notNull())
    .addColumn("term", text, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("catalogue_terms_key", ["account_id", "scope", "term", "id"])
    .execute();

  await tables
    .keyedTable("catalogue_values")
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("scope", integer, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("field", text, (column) => column.notNull())
    .addColumn("text", text)
    .addColumn("words", text)
    .addColumn("number", tables.number)
    .addColumn("time", integer)
    .addPrimaryKeyConstraint("catalogue_values_key", ["account_id", "scope", "id", "field"])
    .execute();
}
