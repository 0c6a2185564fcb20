import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/**
 * SQLite's jobs lie in the order in which they are taken, lane by lane, in one tree instead of three: a job is written
 * by the upload that asks for it, and changes twice until it is done.
 */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  if (types.keyedTable === undefined) return;
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  // A server of the version before, which goes on beside the migration, writes null.
  const laneType = sql.raw(`${types.text} not null on conflict replace default ''`);
  await schema
    .createTable("ordered_jobs")
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("input", text, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("due_at", integer, (column) => column.notNull())
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("slot", text)
    .addColumn("lane", laneType)
    .addColumn("error", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ended_at", integer)
    .addPrimaryKeyConstraint("jobs_in_order", ["name", "state", "lane", "due_at", "id"])
    .modifyEnd(sql.raw(types.keyedTable))
    .execute();
  const others = sql.raw("id, name, input, state, due_at, attempts, slot, error, created_at, ended_at");
  await sql`insert into ordered_jobs (${others}, lane) select ${others}, coalesce(lane, '') from jobs`.execute(
    database,
  );
  await schema.dropTable("jobs").execute();
  await schema.alterTable("ordered_jobs").renameTo("jobs").execute();
  await schema
    .createIndex("jobs_slot")
    .unique()
    .on("jobs")
    .column("slot")
    .where(sql.ref("slot"), "is not", null)
    .execute();
  await schema
    .createIndex("jobs_dead")
    .on("jobs")
    .column("ended_at")
    .where(sql.ref("state"), "=", sql.lit("dead"))
    .execute();
}
