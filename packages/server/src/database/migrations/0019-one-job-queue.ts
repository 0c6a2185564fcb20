import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";

/** Drops the table `jobs` of PostgreSQL. It was always empty, because the queue there is pg-boss. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  if (!dialect.jobTable) await database.schema.dropTable("jobs").execute();
}
