import type { Connection } from "../database/database.ts";
import { serveRestored } from "../database/repositories/restores.ts";
import { issuedAfterRestore } from "./restore-backup.ts";

/**
 * Notes that a server is about to serve the library. If that is the first one since a restore, all that was issued until
 * now is refused from now on.
 * @returns whether it is the first one
 */
export async function serveRestoredLibrary(
  connection: Connection,
  { now }: { readonly now: number },
): Promise<boolean> {
  return serveRestored(connection, { now, issuedAfter: issuedAfterRestore(now) });
}
