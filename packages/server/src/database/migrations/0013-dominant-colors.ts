import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Adds the dominant colour beside the perceptual hash, since one look at a picture gives both. The index has those
 * pictures alone that were looked at before. It is empty once a job has looked at them again.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { schema } = database;
  const { text } = tableBuilder(database, dialect);
  await schema.alterTable("picture_hashes").addColumn("dominant_color", text).execute();
  await schema
    .createIndex("picture_hashes_colorless")
    .on("picture_hashes")
    .column("blob_id")
    .where(sql.ref("hash"), "is not", null)
    .where(sql.ref("dominant_color"), "is", null)
    .execute();
}
