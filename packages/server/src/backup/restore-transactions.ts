import type { Connection } from "../database/database.ts";
import { serveRestored } from "../database/repositories/restores.ts";

/**
 * A token is accepted while its `iat` is a minute ahead (`packages/token/src/lifetime.ts`), by the clock of the server
 * that it is presented to. That clock may be half a minute ahead of the one that is asked now.
 */
const maxTokenLeadMs = 90_000;

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

/**
 * A token that was issued by this time may have been used in the library from which the backup was made, and the backup
 * may not know of it. The same holds for V1 signatures.
 * @param now the time of the restore, or of the first start of a server on the restored library
 */
export function issuedAfterRestore(now: number): number {
  return now + maxTokenLeadMs;
}
