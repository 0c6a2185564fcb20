import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Creates the table of perceptual hashes. It is a table of its own, because an upload must not pay for the indexes of
 * a blob's hash.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { schema } = database;
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("picture_hashes")
    .addColumn("blob_id", text, (column) => column.primaryKey().references("blobs.id").onDelete("cascade"))
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("hash", text)
    .addColumn("band_1", text)
    .addColumn("band_2", text)
    .addColumn("band_3", text)
    .addColumn("band_4", text)
    .addColumn("blob_touched_at", integer, (column) => column.notNull())
    .execute();
  await schema.createIndex("picture_hashes_progress").on("picture_hashes").column("blob_touched_at").execute();
  await schema.createIndex("picture_hashes_account").on("picture_hashes").column("account_id").execute();
  for (const band of ["band_1", "band_2", "band_3", "band_4"] as const) {
    // The index holds the whole hash, so that a search reads nothing else. Blobs without a hash aren't in it.
    await schema
      .createIndex(`picture_hashes_${band}`)
      .on("picture_hashes")
      .columns(["account_id", band, "hash"])
      .where(sql.ref(band), "is not", null)
      .execute();
  }
}
