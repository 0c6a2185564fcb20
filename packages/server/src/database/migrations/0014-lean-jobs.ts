import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/**
 * A job's row was in five trees of SQLite's: the table, its ids, the slots that hardly any job has, and two indexes. As a
 * table that is its primary key, with an index of nothing but those slots, it is in three.
 */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  if (types.keyedTable === undefined) return;
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  await schema
    .createTable("lean_jobs")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("input", text, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("due_at", integer, (column) => column.notNull())
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("slot", text)
    .addColumn("lane", text)
    .addColumn("error", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ended_at", integer)
    .modifyEnd(sql.raw(types.keyedTable))
    .execute();
  const columns = sql.raw("id, name, input, state, due_at, attempts, slot, lane, error, created_at, ended_at");
  await sql`insert into lean_jobs (${columns}) select ${columns} from jobs order by id`.execute(database);
  await schema.dropTable("jobs").execute();
  await schema.alterTable("lean_jobs").renameTo("jobs").execute();
  await schema
    .createIndex("jobs_slot")
    .unique()
    .on("jobs")
    .column("slot")
    .where(sql.ref("slot"), "is not", null)
    .execute();
  await schema.createIndex("jobs_due").on("jobs").columns(["name", "state", "due_at"]).execute();
  await schema.createIndex("jobs_lanes").on("jobs").columns(["name", "lane", "state", "due_at"]).execute();
  await schema
    .createIndex("jobs_dead")
    .on("jobs")
    .column("ended_at")
    .where(sql.ref("state"), "=", sql.lit("dead"))
    .execute();
}
