import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/**
 * In SQLite a table that is its primary key puts what a row has beyond a kilobyte on a page of its own, and so nearly every
 * event cost one more page of the log. As an ordinary table it holds several on a page.
 */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  if (types.keyedTable === undefined) return;
  const text = sql.raw(types.text);
  await database.schema
    .createTable("long_events")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("url", text)
    .addColumn("payload", text, (column) => column.notNull())
    .execute();
  await sql`insert into long_events select id, account_id, type, url, payload from events order by id`.execute(
    database,
  );
  await database.schema.dropTable("events").execute();
  await database.schema.alterTable("long_events").renameTo("events").execute();
}
