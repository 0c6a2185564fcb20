import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { termsOf } from "./entry.ts";
import { insertTerms } from "./write-entries.ts";

/** Rows that one transaction settles. A task that comes meanwhile waits for it. */
const rowsAtOnce = 64;

/**
 * Adds rows that uploads have left to the lists of terms and to the indexes of values. Until then a search looks at
 * each of these rows.
 * @returns the number of rows that were settled; 0 when all are
 */
export async function settleCatalogue(connection: Connection): Promise<number> {
  const { rows } = await freshRows(connection, {});
  for (const row of rows) {
    await insertTerms(connection, row, [...termsOf(row)]);
    await markSettled(connection, row);
  }
  return rows.length;
}

const freshRows = prepared((connection) =>
  connection.selectFrom("catalogue").selectAll().where("settled", "is", null).limit(rowsAtOnce),
);

const markSettled = prepared((connection, by: { readonly scope: 0 | 1; readonly id: string }) =>
  connection.updateTable("catalogue").set({ settled: 1 }).where("scope", "=", by.scope).where("id", "=", by.id),
);
