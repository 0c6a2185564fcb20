import { type RawBuilder, sql } from "kysely";

/** The differences between the two databases in the definition of their tables. */
export interface SchemaDialect {
  /** A text type ordered by code point, so that both databases sort alike. */
  readonly text: string;
  readonly bytes: string;
  /** An integer type for milliseconds and byte counts. */
  readonly integer: string;
  /** The type of a JavaScript number. */
  readonly number: string;
  /** Suffix for a table that is stored as its primary key, if the database has such tables. */
  readonly keyedTable: string | undefined;
  /** The language of triggers. */
  readonly triggers: "sqlite" | "plpgsql";
  /** Whether jobs are kept in the table `jobs`. Otherwise there is no such table. */
  readonly jobTable: boolean;
  /** Returns one row if there is a table of that name. */
  tableNamed(name: string): RawBuilder<unknown>;
}

export const sqliteSchema: SchemaDialect = {
  text: "text",
  bytes: "blob",
  integer: "integer",
  number: "real",
  keyedTable: "without rowid",
  triggers: "sqlite",
  jobTable: true,
  tableNamed: (name) => sql`select 1 from sqlite_master where type = 'table' and name = ${name}`,
};

export const postgresSchema: SchemaDialect = {
  text: 'text collate "C"',
  bytes: "bytea",
  integer: "bigint",
  number: "double precision",
  keyedTable: undefined,
  triggers: "plpgsql",
  jobTable: false,
  tableNamed: (name) => sql`select 1 where to_regclass(${name}) is not null`,
};
