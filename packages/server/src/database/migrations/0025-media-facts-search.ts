import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";

/** Prepares searches by what videos and sounds say of themselves. Only their versions are in the indexes. */
export async function up({ schema }: Kysely<unknown>, _dialect: SchemaDialect): Promise<void> {
  for (const column of ["duration", "bit_rate", "video_codec", "audio_codec"] as const) {
    await schema
      .createIndex(`versions_${column}`)
      .on("versions")
      .columns(["account_id", column])
      .where(sql.ref(column), "is not", null)
      .execute();
  }
}
