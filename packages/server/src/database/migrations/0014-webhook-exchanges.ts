import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the table of what was sent and answered in the latest attempts, and lists attempts by their account. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text } = tables;
  // Rows of several kilobytes: in a keyed table each would have pages of its own.
  await tables
    .heapTable("webhook_exchanges")
    .addColumn("attempt_id", text, (column) => column.primaryKey().notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("target", text, (column) => column.notNull())
    .addColumn("url", text, (column) => column.notNull())
    .addColumn("answer", text)
    .execute();
  await database.schema
    .createIndex("webhook_exchanges_target")
    .on("webhook_exchanges")
    .columns(["target", "attempt_id"])
    .execute();
  await database.schema
    .createIndex("webhook_attempts_account")
    .on("webhook_attempts")
    .columns(["account_id", "created_at"])
    .execute();
  // Those at the URLs that requests have named, without those at the account's endpoints.
  await database.schema
    .createIndex("webhook_attempts_named")
    .on("webhook_attempts")
    .columns(["account_id", "created_at"])
    .where(sql.ref("endpoint_id"), "is", null)
    .execute();
}
