import type { Kysely } from "kysely";
import type { TableBuilder } from "../schema-dialect.ts";

/** Creates the tables of events, of the webhooks that report them, and of the runs of extensions. */
export async function createEventTables({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, integer } = tables;

  // In a keyed table, SQLite puts the part of a row beyond a kilobyte on a page of its own. That is one more page of
  // the log for nearly every event. A heap holds several events on a page.
  await tables
    .heapTable("events")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("url", text)
    .addColumn("payload", text, (column) => column.notNull())
    .execute();

  await tables
    .heapTable("webhook_endpoints")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("url", text, (column) => column.notNull())
    .addColumn("secret", text, (column) => column.notNull())
    .addColumn("earlier_secret", text)
    .addColumn("earlier_secret_until", integer)
    .addColumn("event_types", text)
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("origin", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
  await schema.createIndex("webhook_endpoints_account").on("webhook_endpoints").column("account_id").execute();

  await tables
    .heapTable("webhook_url_secrets")
    .addColumn("account_id", text, (column) => column.primaryKey().references("accounts.id"))
    .addColumn("secret", text, (column) => column.notNull())
    .addColumn("earlier_secret", text)
    .addColumn("earlier_secret_until", integer)
    .execute();

  await tables
    .keyedTable("webhook_attempts")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("event_id", text, (column) => column.notNull())
    .addColumn("endpoint_id", text)
    .addColumn("attempt", integer, (column) => column.notNull())
    .addColumn("status", integer)
    .addColumn("error", text)
    .addColumn("excerpt", text)
    .addColumn("duration_ms", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
  await schema
    .createIndex("webhook_attempts_endpoint")
    .on("webhook_attempts")
    .columns(["endpoint_id", "created_at"])
    .execute();
  await schema.createIndex("webhook_attempts_age").on("webhook_attempts").column("created_at").execute();

  await tables
    .keyedTable("extension_runs")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("file_id", text, (column) => column.notNull())
    .addColumn("version_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("options", text, (column) => column.notNull())
    .addColumn("webhook_url", text)
    .addColumn("public_url", text, (column) => column.notNull())
    .addColumn("imagekit_id", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
}
