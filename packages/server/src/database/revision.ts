import type { Connection } from "./database.ts";
import { NodeSqliteAdapter } from "./sqlite/node-sqlite-dialect.ts";

/**
 * A number that is another one once a transaction has been committed, by any process: what was read after it was asked
 * for holds as long as it is the same. Undefined where to ask would cost as much as to read.
 */
export function revisionOf(reader: Connection): number | undefined {
  const { adapter } = reader.getExecutor();
  return adapter instanceof NodeSqliteAdapter ? adapter.revision.current() : undefined;
}

/** Makes the next look at the revision a new one: a transaction is known to be committed. */
export function forgetRevision(reader: Connection): void {
  const { adapter } = reader.getExecutor();
  if (adapter instanceof NodeSqliteAdapter) adapter.revision.forget();
}
