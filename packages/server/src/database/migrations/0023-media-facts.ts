import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Adds what videos and sounds say of themselves. Versions from before have none. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { text, integer, number } = tableBuilder(database, dialect);
  for (const table of ["versions", "trashed_versions"] as const) {
    for (const [name, type] of [
      ["duration", number],
      ["bit_rate", integer],
      ["video_codec", text],
      ["audio_codec", text],
    ] as const) {
      await database.schema.alterTable(table).addColumn(name, type).execute();
    }
  }
}
