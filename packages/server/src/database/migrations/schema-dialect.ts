import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from "kysely";

/** Defines tables in the column types of one engine. */
export interface TableBuilder {
  readonly text: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  /** A JavaScript number. */
  readonly number: RawBuilder<unknown>;
  /** A table that is stored in the order of its primary key, where the engine can do so. */
  keyedTable<Name extends string>(name: Name): CreateTableBuilder<Name>;
  /** A table whose rows are stored apart from its primary key, on both engines. */
  heapTable<Name extends string>(name: Name): CreateTableBuilder<Name>;
}

export function tableBuilder({ schema }: Kysely<unknown>, dialect: SchemaDialect): TableBuilder {
  return {
    text: sql.raw(dialect.text),
    bytes: sql.raw(dialect.bytes),
    integer: sql.raw(dialect.integer),
    number: sql.raw(dialect.number),
    keyedTable(name) {
      const table = schema.createTable(name);
      return dialect.keyedTable === undefined ? table : table.modifyEnd(sql.raw(dialect.keyedTable));
    },
    heapTable: (name) => schema.createTable(name),
  };
}

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
