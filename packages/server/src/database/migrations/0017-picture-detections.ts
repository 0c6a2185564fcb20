import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Creates the table of what models have found in pictures. It goes by the bytes, so that all versions with the same
 * content share it.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("picture_detections")
    .addColumn("blob_id", text, (column) => column.notNull().references("blobs.id").onDelete("cascade"))
    .addColumn("detection", text, (column) => column.notNull())
    .addColumn("page", integer, (column) => column.notNull())
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("things", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("picture_detections_key", ["blob_id", "detection", "page", "revision"])
    .execute();
  await database.schema
    .createIndex("picture_detections_account")
    .on("picture_detections")
    .column("account_id")
    .execute();
}
