import { type Kysely, sql } from "kysely";
import type { SchemaDialect, TableBuilder } from "../schema-dialect.ts";

/**
 * Creates the job queue of SQLite. PostgreSQL's queue is pg-boss, in a schema of its own. The table is created there too,
 * empty, and a later migration drops it.
 */
export async function createJobTable(
  database: Kysely<unknown>,
  tables: TableBuilder,
  dialect: SchemaDialect,
): Promise<void> {
  const { schema } = database;
  await (dialect.jobTable ? createOrderedTable(tables, dialect) : createUnusedTable(database, tables));
  await schema
    .createIndex("jobs_dead")
    .on("jobs")
    .column("ended_at")
    .where(sql.ref("state"), "=", sql.lit("dead"))
    .execute();
  if (!dialect.jobTable) return;
  await schema
    .createIndex("jobs_slot")
    .unique()
    .on("jobs")
    .column("slot")
    .where(sql.ref("slot"), "is not", null)
    .execute();
}

/**
 * The key is the order in which jobs are taken, lane by lane, so a row is in one tree only. The upload that asks for a
 * job writes the row, and it changes twice until the job is done. Few jobs have a slot, so an index covers only those.
 */
async function createOrderedTable(tables: TableBuilder, dialect: SchemaDialect): Promise<void> {
  const { text, integer } = tables;
  await tables
    .keyedTable("jobs")
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("input", text, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("due_at", integer, (column) => column.notNull())
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("slot", text)
    .addColumn("lane", sql.raw(`${dialect.text} not null on conflict replace default ''`))
    .addColumn("error", text)
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("ended_at", integer)
    .addPrimaryKeyConstraint("jobs_in_order", ["name", "state", "lane", "due_at", "id"])
    .execute();
}

async function createUnusedTable({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, integer } = tables;
  await tables
    .heapTable("jobs")
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
    .addColumn("lane", text)
    .execute();
  await schema.createIndex("jobs_due").on("jobs").columns(["name", "state", "due_at"]).execute();
  await schema.createIndex("jobs_lanes").on("jobs").columns(["name", "lane", "state", "due_at"]).execute();
}
