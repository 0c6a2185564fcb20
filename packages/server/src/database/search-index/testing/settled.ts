import { expect, vi } from "vitest";
import type { Connection } from "../../database.ts";

/** Waits until the writer has settled all rows of the search index. */
export async function untilSettled(reader: Connection): Promise<void> {
  await vi.waitFor(async () => expect(await countUnsettled(reader)).toBe(0), 10_000);
}

/** The number of rows that are as uploads leave them. */
export async function countUnsettled(reader: Connection): Promise<number> {
  const rows = await reader.selectFrom("catalogue").select("id").where("settled", "is", null).execute();
  return rows.length;
}
