import type { RawBuilder } from "kysely";
import type { Connection } from "../connection.ts";

/** A value of a row, as both engines have it. */
export type Value = string | number | null | Uint8Array;

/** Some rows of a query, each with its values in the order of the columns. */
export interface RowBatch {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The database at one moment. Writers go on meanwhile. */
export interface Snapshot {
  /** The last migration of the database. */
  readonly migration: string;
  /** Reads the same moment. */
  readonly connection: Connection;
  /** Reads a query's rows part by part. One query is read at a time. There is always a first batch, for its columns. */
  read(query: RawBuilder<unknown>): AsyncIterable<RowBatch>;
  close(): Promise<void>;
}
