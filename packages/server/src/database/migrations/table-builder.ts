import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import type { SchemaDialect } from "./schema-dialect.ts";

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
