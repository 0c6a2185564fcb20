import { sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { type LatePart, LateRowError } from "../sqlite/late-work.ts";
import { termsOf } from "./entry.ts";
import type { StoredRow } from "./row.ts";
import { insertTerms } from "./write-entries.ts";

/**
 * Adds rows that uploads have left to the lists of terms and to the indexes of values. Until then a search looks at
 * each of these rows.
 * @returns the number of rows that were settled; 0 when all are
 * @throws LateRowError
 */
export async function settleSearchIndex(connection: Connection, { atMost, leftOut }: LatePart): Promise<number> {
  const { rows } = await freshRows(connection, { atMost, leftOut: JSON.stringify(leftOut) });
  for (const row of rows) await settleRow(connection, row);
  return rows.length;
}

async function settleRow(connection: Connection, row: StoredRow): Promise<void> {
  try {
    await insertTerms(connection, row, [...termsOf(row)]);
    await markSettled(connection, row);
  } catch (error) {
    throw new LateRowError(row.id, error);
  }
}

const freshRows = prepared((connection, by: { readonly atMost: number; readonly leftOut: string }) =>
  connection
    .selectFrom("catalogue")
    .selectAll()
    .where("settled", "is", null)
    .where(sql<boolean>`id not in (select value from json_each(${by.leftOut}))`)
    .limit(by.atMost),
);

const markSettled = prepared((connection, by: { readonly scope: 0 | 1; readonly id: string }) =>
  connection.updateTable("catalogue").set({ settled: 1 }).where("scope", "=", by.scope).where("id", "=", by.id),
);
