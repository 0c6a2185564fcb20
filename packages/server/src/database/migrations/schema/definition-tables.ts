import { type Kysely, sql } from "kysely";
import type { TableBuilder } from "../schema-dialect.ts";

/**
 * Creates the tables of an account's definitions for its files: custom metadata fields, named transformations, saved
 * extensions.
 */
export async function createDefinitionTables({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, integer } = tables;

  await tables
    .keyedTable("custom_metadata_fields")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("label", text, (column) => column.notNull())
    .addColumn("description", text)
    .addColumn("schema", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .addColumn("deleted_at", integer)
    .addUniqueConstraint("custom_metadata_fields_name", ["account_id", "name"])
    .execute();
  await schema
    .createIndex("custom_metadata_fields_label")
    .unique()
    .on("custom_metadata_fields")
    .columns(["account_id", "label"])
    .where(sql.ref("deleted_at"), "is", null)
    .execute();

  await tables
    .keyedTable("named_transformations")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("transformation", text, (column) => column.notNull())
    .addColumn("enabled", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addUniqueConstraint("named_transformations_name", ["account_id", "name"])
    .execute();

  await tables
    .keyedTable("saved_extensions")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("description", text, (column) => column.notNull())
    .addColumn("config", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("updated_at", integer, (column) => column.notNull())
    .execute();
  await schema
    .createIndex("saved_extensions_account")
    .on("saved_extensions")
    .columns(["account_id", "created_at", "id"])
    .execute();
}
