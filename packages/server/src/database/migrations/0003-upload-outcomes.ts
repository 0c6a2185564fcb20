import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** What became of the upload that a token was presented with, so that a client who lost the answer can ask. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const text = sql.raw(types.text);
  // One column a statement: SQLite takes no more.
  for (const column of ["outcome", "version_id", "attempt"]) {
    await database.schema.alterTable("used_tokens").addColumn(column, text).execute();
  }
}
