import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

const sortColumns = ["name", "updated_at", "size", "width", "height"] as const;

/**
 * Prepares the catalogue for millions of files.
 *
 * The list of a term is in the order of creation now, which is the order of most pages. So a page ends where it is full,
 * however long the list is. All indexes of values hold the time of creation for the same reason.
 *
 * Only `settled` rows are in the indexes of values and in the lists of terms. A row that isn't settled yet is found by
 * `catalogue_fresh`. An upload pays for the three indexes that grow at their ends.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  const { schema } = database;

  // Nothing is rewritten for the standard value.
  await schema
    .alterTable("catalogue")
    .addColumn("settled", integer, (column) => column.defaultTo(1))
    .execute();
  for (const column of sortColumns) {
    await schema.dropIndex(`catalogue_${column}`).execute();
    await schema
      .createIndex(`catalogue_${column}`)
      .on("catalogue")
      .columns(["account_id", "scope", column, "id", "created_at"])
      .where(sql.ref("settled"), "=", sql.lit(1))
      .execute();
  }
  await schema
    .createIndex("catalogue_folder_name")
    .on("catalogue")
    .columns(["folder_id", "scope", "name", "id"])
    .where(sql.ref("settled"), "=", sql.lit(1))
    .execute();
  await schema
    .createIndex("catalogue_fresh")
    .on("catalogue")
    .columns(["account_id", "scope", "id"])
    .where(sql.ref("settled"), "is", null)
    .execute();
  await schema
    .createIndex("catalogue_folders")
    .on("catalogue")
    .columns(["account_id", "created_at", "id"])
    .where(sql.ref("kind"), "=", sql.lit(2))
    .execute();

  await schema.alterTable("catalogue_terms").renameTo("catalogue_terms_by_id").execute();
  await tables
    .keyedTable("catalogue_terms")
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("scope", integer, (column) => column.notNull())
    .addColumn("term", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("catalogue_terms_order", ["account_id", "scope", "term", "created_at", "id"])
    .execute();
  // Ids begin with a time, so the rows come nearly in the order of the new key.
  await sql`
    insert into catalogue_terms (account_id, scope, term, created_at, id)
    select t.account_id, t.scope, t.term, c.created_at, t.id
    from catalogue_terms_by_id as t join catalogue as c on c.scope = t.scope and c.id = t.id
  `.execute(database);
  await schema.dropTable("catalogue_terms_by_id").execute();
}
