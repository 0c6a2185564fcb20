import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";

/**
 * Adds the address under which clients reached the server that created a resumable upload. A process that finishes the
 * upload later may serve no clients, and so know no address.
 */
export async function up({ schema }: Kysely<unknown>, { text }: SchemaDialect): Promise<void> {
  await schema
    .alterTable("upload_sessions")
    .addColumn("public_url", sql.raw(text), (column) => column.notNull().defaultTo(""))
    .execute();
}
