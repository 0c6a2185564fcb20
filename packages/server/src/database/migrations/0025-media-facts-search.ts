import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Prepares searches by what videos and sounds say of themselves, and finds those that nothing has read. Only their
 * versions are in the indexes.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { schema } = database;
  const { integer } = tableBuilder(database, dialect);
  for (const table of ["versions", "trashed_versions"] as const) {
    await schema.alterTable(table).addColumn("unreadable", integer).execute();
  }
  for (const column of ["duration", "bit_rate", "video_codec", "audio_codec"] as const) {
    await schema
      .createIndex(`versions_${column}`)
      .on("versions")
      .columns(["account_id", column])
      .where(sql.ref(column), "is not", null)
      .execute();
  }
  await sql`create index versions_unread on versions (blob_id) where kind in ('video', 'audio')
    and duration is null and video_codec is null and audio_codec is null and unreadable is null`.execute(database);
}
