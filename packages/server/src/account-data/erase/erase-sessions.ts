import { type AccountRowValues, keysOf, pageOfAccountRows } from "../../database/repositories/account-rows.ts";
import type { UploadSessionRow } from "../../database/repositories/upload-sessions.ts";
import { discardReceived } from "../../upload/resumable/end-session.ts";
import { endedSessionOf } from "../../upload/resumable/sessions/session.ts";
import type { ErasureNeeds } from "../needs.ts";

const pageSize = 200;

/**
 * Erases the account's resumable uploads: what each has received, then its row. The account is closed, so nothing more
 * of them can be stored. The blobs of stored ones are erased with the account's others.
 * @returns how many there were
 */
export async function eraseSessions(
  { blobs, database }: Pick<ErasureNeeds, "blobs" | "database">,
  accountId: string,
  signal: AbortSignal,
): Promise<number> {
  let erased = 0;
  for (let after: AccountRowValues | undefined; ; ) {
    const rows = await pageOfAccountRows(database.reader, "upload_sessions", accountId, { after, limit: pageSize });
    for (const row of rows) await discardReceived(blobs, endedSessionOf(row as unknown as UploadSessionRow), signal);
    if (rows.length > 0) {
      const keys = keysOf("upload_sessions", rows);
      erased += await database.run("eraseAccountRows", { accountId, table: "upload_sessions", rows: keys });
    }
    if (rows.length < pageSize) return erased;
    after = rows.at(-1);
  }
}
