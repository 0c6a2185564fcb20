import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Custom metadata: the account's fields, and the values of each version. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  const fields = schema.createTable("custom_metadata_fields");
  await (types.keyedTable === undefined ? fields : fields.modifyEnd(sql.raw(types.keyedTable)))
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
  await schema.alterTable("accounts").addColumn("custom_metadata_defaults", text).execute();
  await schema.alterTable("versions").addColumn("custom_metadata", text).execute();
}
