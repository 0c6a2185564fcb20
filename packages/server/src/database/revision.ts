import type { Connection } from "./connection.ts";

/**
 * A number that is another one once a transaction has been committed, by any process: what was read after it was asked
 * for holds as long as it is the same. Undefined where to ask would cost as much as to read.
 */
export function revisionOf(reader: Connection): number | undefined {
  return reader.engine.revision?.current();
}

/** Makes the next look at the revision a new one: a transaction is known to be committed. */
export function forgetRevision(reader: Connection): void {
  reader.engine.revision?.forget();
}
