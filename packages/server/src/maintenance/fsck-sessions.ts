import { isUnchangedSession, pageOfOpenSessions } from "../database/repositories/open-sessions.ts";
import type { SessionBytes } from "../upload/resumable/sessions/session.ts";
import type { MaintenanceNeeds } from "./needs.ts";

const pageSize = 500;

type Services = Pick<MaintenanceNeeds, "blobs" | "database">;

/** @returns a problem for each open session that lacks bytes which were acknowledged */
export async function findIncompleteSessions({ blobs, database }: Services, signal: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (let after: Uint8Array = new Uint8Array(); ; ) {
    const page = await pageOfOpenSessions(database.reader, after, pageSize);
    for (const row of page) {
      signal.throwIfAborted();
      if (row.bytes === null || (await blobs.partial.holds(JSON.parse(row.bytes) as SessionBytes, signal))) continue;
      // While a server runs, the upload may have gone on since.
      if (!(await isUnchangedSession(database.reader, row))) continue;
      problems.push(`a resumable upload of account ${row.account_id} (${row.blob_key}) lacks bytes that have come`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return problems;
    after = last.id_digest;
  }
}
