import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/**
 * Adds the tables that count what each account uses on each day. What an account stores is counted by triggers on
 * `account_storage`, so it agrees with the account's quota, whatever adds or removes versions.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  const { text, integer } = tables;
  await tables
    .keyedTable("usage_deliveries")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("day", text, (column) => column.notNull())
    .addColumn("source", text, (column) => column.notNull())
    .addColumn("status", integer, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("requests", integer, (column) => column.notNull())
    .addColumn("bytes", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_deliveries_key", ["account_id", "day", "source", "status", "type"])
    .execute();
  await tables
    .keyedTable("usage_storage")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("day", text, (column) => column.notNull())
    .addColumn("part", text, (column) => column.notNull())
    .addColumn("bytes", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_storage_key", ["account_id", "day", "part"])
    .execute();
  await tables
    .keyedTable("usage_extensions")
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("day", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("operations", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_extensions_key", ["account_id", "day", "name"])
    .execute();
  const { beforehand, triggers } = statements[dialect.triggers];
  // The triggers come first. Making them keeps other servers from changing the counts until the migration is committed.
  for (const trigger of triggers) await sql.raw(trigger).execute(database);
  await sql.raw(beforehand).execute(database);
}

/** A version that is there counts from the day on which it was made. Those that are gone by now are not known any more. */
const countedSoFar = (day: string) => `
  insert into usage_storage (account_id, day, part, bytes)
  select account_id, ${day}, substr(file_id, length(file_id), 1), sum(size) from versions group by 1, 2, 3`;

const count = (today: string, change: string) => `
  insert into usage_storage (account_id, day, part, bytes) values (new.account_id, ${today}, new.part, ${change})
  on conflict (account_id, day, part) do update set bytes = usage_storage.bytes + excluded.bytes;`;

const [sqliteDay, postgresDay] = ["date('now')", "to_char(now() at time zone 'utc', 'YYYY-MM-DD')"];

const statements = {
  sqlite: {
    beforehand: countedSoFar("date(created_at / 1000, 'unixepoch')"),
    triggers: [
      `create trigger usage_storage_begun after insert on account_storage when new.bytes <> 0
        begin ${count(sqliteDay, "new.bytes")} end`,
      `create trigger usage_storage_changed after update on account_storage when new.bytes <> old.bytes
        begin ${count(sqliteDay, "new.bytes - old.bytes")} end`,
    ],
  },
  plpgsql: {
    beforehand: countedSoFar("to_char(to_timestamp(created_at / 1000.0) at time zone 'utc', 'YYYY-MM-DD')"),
    triggers: [
      `create function sluice_usage_begun() returns trigger language plpgsql set search_path from current as $$
        begin ${count(postgresDay, "new.bytes")} return null; end $$`,
      `create function sluice_usage_changed() returns trigger language plpgsql set search_path from current as $$
        begin ${count(postgresDay, "new.bytes - old.bytes")} return null; end $$`,
      `create trigger usage_storage_begun after insert on account_storage for each row
        when (new.bytes <> 0) execute function sluice_usage_begun()`,
      `create trigger usage_storage_changed after update on account_storage for each row
        when (new.bytes <> old.bytes) execute function sluice_usage_changed()`,
    ],
  },
} as const;
