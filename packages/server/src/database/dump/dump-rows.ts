import { sql } from "kysely";
import { type DumpedTable, dumpOrder } from "./dumped-tables.ts";
import type { RowBatch, Snapshot } from "./snapshot.ts";

/** Reads all rows of a table. */
export function readTable(snapshot: Snapshot, table: DumpedTable): AsyncIterable<RowBatch> {
  const column = dumpOrder[table];
  const order = column === undefined ? sql`` : sql` order by ${sql.ref(column)}`;
  return snapshot.read(sql`select * from ${sql.table(table)}${order}`);
}

/** The id of the library, which a restored library keeps. */
export async function libraryOf({ connection }: Pick<Snapshot, "connection">): Promise<string> {
  return (await connection.selectFrom("console_instances").select("id").executeTakeFirstOrThrow()).id;
}
