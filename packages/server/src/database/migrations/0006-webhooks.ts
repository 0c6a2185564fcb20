import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Events and the endpoints that are told of them, what became of each attempt, and the queue's lanes. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  await schema
    .createTable("webhook_endpoints")
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
  await schema.alterTable("accounts").addColumn("event_routes", text).execute();
  const events = schema.createTable("events");
  await (types.keyedTable === undefined ? events : events.modifyEnd(sql.raw(types.keyedTable)))
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("url", text)
    .addColumn("payload", text, (column) => column.notNull())
    .execute();
  const attempts = schema.createTable("webhook_attempts");
  await (types.keyedTable === undefined ? attempts : attempts.modifyEnd(sql.raw(types.keyedTable)))
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
  await schema.alterTable("jobs").addColumn("lane", text).execute();
  await schema.createIndex("jobs_lanes").on("jobs").columns(["name", "lane", "state", "due_at"]).execute();
}
