import { termsOf } from "../catalogue/entry.ts";
import { insertTerms } from "../catalogue/write-entries.ts";
import type { Connection } from "../connection.ts";

const pageSize = 500;

/** Settles the rows of the catalogue that SQLite's writer had left for later. PostgreSQL has no such rows. */
export async function settleAll(connection: Connection): Promise<void> {
  for (;;) {
    const rows = await connection
      .selectFrom("catalogue")
      .selectAll()
      .where("settled", "is", null)
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      await insertTerms(connection, row, [...termsOf(row)]);
      await connection
        .updateTable("catalogue")
        .set({ settled: 1 })
        .where("scope", "=", row.scope)
        .where("id", "=", row.id)
        .execute();
    }
    if (rows.length < pageSize) return;
  }
}
