/**
 * A token is accepted while its `iat` is a minute ahead (`packages/token/src/lifetime.ts`), by the clock of the server
 * that it is presented to. That clock may be half a minute ahead of the one that is asked now.
 */
const maxTokenLeadMs = 90_000;

/**
 * A token that was issued by this time may have been used in the library from which the backup was made, and the backup
 * may not know of it. The same holds for V1 signatures.
 * @param now the time of the restore, or of the first start of a server on the restored library
 */
export function issuedAfterRestore(now: number): number {
  return now + maxTokenLeadMs;
}
