import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Adds the names that people give to key pairs. The pairs that are there have none. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { text } = tableBuilder(database, dialect);
  await database.schema.alterTable("key_pairs").addColumn("name", text).execute();
}
