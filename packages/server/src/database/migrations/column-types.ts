/** What the two databases spell differently in a table's definition. */
export interface ColumnTypes {
  /** Ordered by code point in both, so that both sort alike. */
  readonly text: string;
  readonly bytes: string;
  /** Holds milliseconds and byte counts. */
  readonly integer: string;
  /** Suffix for a table that is its primary key, where there is such a thing. */
  readonly keyedTable: string | undefined;
}

export const sqliteColumnTypes: ColumnTypes = {
  text: "text",
  bytes: "blob",
  integer: "integer",
  keyedTable: "without rowid",
};

export const postgresColumnTypes: ColumnTypes = {
  text: 'text collate "C"',
  bytes: "bytea",
  integer: "bigint",
  keyedTable: undefined,
};
