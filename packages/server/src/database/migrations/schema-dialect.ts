import { type RawBuilder, sql } from "kysely";

/** What the two databases spell differently in the definition of their tables. */
export interface SchemaDialect {
  /** Ordered by code point in both, so that both sort alike. */
  readonly text: string;
  readonly bytes: string;
  /** Holds milliseconds and byte counts. */
  readonly integer: string;
  /** Suffix for a table that is its primary key, where there is such a thing. */
  readonly keyedTable: string | undefined;
  /** What triggers are written in. */
  readonly triggers: "sqlite" | "plpgsql";
  /** Whether jobs lie in the table `jobs`; otherwise it stays empty. */
  readonly jobTable: boolean;
  /** One row where there is a table of that name. */
  tableNamed(name: string): RawBuilder<unknown>;
}

export const sqliteSchema: SchemaDialect = {
  text: "text",
  bytes: "blob",
  integer: "integer",
  keyedTable: "without rowid",
  triggers: "sqlite",
  jobTable: true,
  tableNamed: (name) => sql`select 1 from sqlite_master where type = 'table' and name = ${name}`,
};

export const postgresSchema: SchemaDialect = {
  text: 'text collate "C"',
  bytes: "bytea",
  integer: "bigint",
  keyedTable: undefined,
  triggers: "plpgsql",
  jobTable: false,
  tableNamed: (name) => sql`select 1 where to_regclass(${name}) is not null`,
};
