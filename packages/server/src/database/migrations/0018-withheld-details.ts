import type { Kysely } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Adds to runs of extensions the details of their version that the `webhookUrl` isn't told, because the key pair that
 * asked for the run may not read them.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { text } = tableBuilder(database, dialect);
  await database.schema.alterTable("extension_runs").addColumn("withheld", text).execute();
}
