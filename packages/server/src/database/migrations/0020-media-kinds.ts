import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** The tables with versions. */
const tables = ["versions", "trashed_versions"] as const;

/**
 * Adds the kind of each version's content, and tells it of the versions that are there from their type. On PostgreSQL,
 * servers of 0.1.0 go on beside this version and don't know the column: a trigger fills it in what they store.
 */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const { schema } = database;
  const { text } = tableBuilder(database, dialect);
  for (const table of tables) {
    await schema.alterTable(table).addColumn("kind", text).execute();
    await sql`update ${sql.table(table)} set kind = ${sql.raw(kindOf(""))}`.execute(database);
  }
  if (dialect.triggers === "sqlite") return;
  await sql
    .raw(
      `create function sluice_kind_of_version() returns trigger language plpgsql
        as $$ begin new.kind := ${kindOf("new.")}; return new; end $$`,
    )
    .execute(database);
  for (const table of tables) {
    await schema
      .alterTable(table)
      .alterColumn("kind", (column) => column.setNotNull())
      .execute();
    await sql
      .raw(
        `create trigger ${table}_kind before insert on ${table} for each row
          when (new.kind is null) execute function sluice_kind_of_version()`,
      )
      .execute(database);
  }
}

const kindOf = (row: "" | "new.") => `
  case
    when ${row}file_type = 'image' then 'picture'
    when ${row}mime like 'video/%' then 'video'
    when ${row}mime in ('application/mxf', 'application/vnd.ms-asf', 'application/vnd.rn-realmedia', 'image/mj2') then 'video'
    when ${row}mime like 'audio/%' then 'audio'
    when ${row}mime = 'application/pdf' then 'document'
    else 'other'
  end`;
