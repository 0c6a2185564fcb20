import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** The queue of SQLite. PostgreSQL's is pg-boss, in a schema of its own; the table is there all the same, empty. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  await schema
    .createTable("jobs")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("input", text, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("due_at", integer, (column) => column.notNull())
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("slot", text, (column) => column.unique())
    .addColumn("error", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ended_at", integer)
    .execute();
  await schema.createIndex("jobs_due").on("jobs").columns(["name", "state", "due_at"]).execute();
}
