import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** What an upload was answered, as far as it can change: whoever asks later with its token learns that, and no edits. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await database.schema.alterTable("used_tokens").addColumn("answer", sql.raw(types.text)).execute();
}
