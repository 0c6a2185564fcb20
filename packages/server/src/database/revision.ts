import type { Connection } from "./connection.ts";

/**
 * Returns a number that changes once any process has committed a transaction. What was read after asking for the number
 * stays valid while the number is the same. Undefined if asking would cost as much as reading.
 */
export function revisionOf(reader: Connection): number | undefined {
  return reader.engine.revision?.current();
}

/** Makes the next call look at the revision again, because a transaction is known to be committed. */
export function forgetRevision(reader: Connection): void {
  reader.engine.revision?.forget();
}
