import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Frames or pages of pictures, so that they are counted when a picture is uploaded, and not whenever it is asked for. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await database.schema.alterTable("versions").addColumn("pages", sql.raw(types.integer)).execute();
}
