import { type AccountRowValues, keysOf, pageOfAccountRows } from "../../database/repositories/account-rows.ts";
import type { ErasureNeeds } from "../needs.ts";

const pageSize = 200;
const deletionsAtOnce = 8;

/**
 * Erases the account's contents, once no version refers to them: each object, then its row. A crash in between leaves
 * rows whose objects are gone. The next erasure of the account removes those.
 */
export async function eraseBlobs(
  { blobs, database }: Pick<ErasureNeeds, "blobs" | "database">,
  accountId: string,
  signal: AbortSignal,
): Promise<{ readonly blobs: number; readonly bytes: number }> {
  let [count, bytes] = [0, 0];
  for (let after: AccountRowValues | undefined; ; ) {
    const rows = await pageOfAccountRows(database.reader, "blobs", accountId, { after, limit: pageSize });
    for (let start = 0; start < rows.length; start += deletionsAtOnce) {
      const some = rows.slice(start, start + deletionsAtOnce);
      await Promise.all(some.map(({ storage_key: key }) => blobs.delete(String(key), signal)));
    }
    if (rows.length > 0)
      count += await database.run("eraseAccountRows", { accountId, table: "blobs", rows: keysOf("blobs", rows) });
    bytes += rows.reduce((sum, { size }) => sum + Number(size), 0);
    if (rows.length < pageSize) return { blobs: count, bytes };
    after = rows.at(-1);
  }
}
