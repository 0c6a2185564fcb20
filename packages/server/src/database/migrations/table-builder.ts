import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Defines tables in the column types of one engine. */
export interface TableBuilder {
  readonly text: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  /** A table that is stored in the order of its primary key, where the engine can do so. */
  keyedTable<Name extends string>(name: Name): CreateTableBuilder<Name>;
  /** A table whose rows are stored apart from its primary key, on both engines. */
  heapTable<Name extends string>(name: Name): CreateTableBuilder<Name>;
}

export function tableBuilder({ schema }: Kysely<unknown>, types: ColumnTypes): TableBuilder {
  return {
    text: sql.raw(types.text),
    bytes: sql.raw(types.bytes),
    integer: sql.raw(types.integer),
    keyedTable(name) {
      const table = schema.createTable(name);
      return types.keyedTable === undefined ? table : table.modifyEnd(sql.raw(types.keyedTable));
    },
    heapTable: (name) => schema.createTable(name),
  };
}
