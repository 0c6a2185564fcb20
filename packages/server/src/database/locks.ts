import type { Connection } from "./connection.ts";

/*
 * Row locks on PostgreSQL, where transactions run at the same time under READ COMMITTED. A script takes the locks in
 * this order, so that no two scripts ever wait for each other. The rows that a script inserts count as locked by it:
 *
 *   1. the floor of nodes, which a server that registers shares, and whoever switches on a restricting feature takes;
 *      the hold of contents, which a sweep shares, and a backup or an erasure takes; then the account
 *   2. folders, each before those below it
 *   3. the file; of several files each before those with a greater id. A script locks all files that it will change
 *      before it changes one: a change of a file's place waits for whoever takes the same place. After them the files in
 *      the trash, in the same order
 *   4. the blob; of several blobs a script takes only those that are free (the sweep)
 *   5. versions, key pairs, custom metadata fields, named transformations: only below a locked file, or a locked
 *      account; with a version the row that counts it, where versions of several files are added or deleted in the order
 *      of `lockStorageParts`, and with a custom metadata field or a named transformation the account, which triggers
 *      change. Of several key pairs each comes before those with a greater id, also where no account is locked
 *   6. rows of the search index: only below the locked file or folder that they show
 *   7. an upload session's row
 *      then the row of a queued upload
 *   8. a used token's row. The session that is created with it is inserted after it: nobody can wait for that row, because
 *      nobody knows the session's id yet
 *   9. the run of an extension
 *  10. sessions and links of the console, tickets of downloads: only below a locked account, apart from single rows that
 *      nothing else is locked with
 *  11. what was found in pictures: only below the held blob
 *  12. the row of a node: only below the floor of nodes
 *  13. rows of usage; those of storage and uploads only below the row of `account_storage` that has the same part
 *  14. how far jobs are: nothing else is locked with such rows
 *
 * A script that only holds an account (`holdActiveAccount`) may do so at any time: no script waits for anything else
 * while it has locked a whole account (`lockingWhole`). The same holds for a key pair, which a revocation locks last
 * (`holdingAccountAndKeyPair`).
 *
 * A script that has a lock reads again what it read before it had the lock, in a separate statement: each statement
 * sees what was committed before the statement began. On SQLite there is one transaction at a time, and no other lock
 * is needed.
 */

interface Lockable<Query> {
  forNoKeyUpdate(): Query;
  forUpdate(): { skipLocked(): Query };
}

/** Locks the rows that the query finds until the transaction ends. Rows that refer to them may still be added. */
export function locking<Query extends Lockable<Query>>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forNoKeyUpdate() : query;
}

/**
 * Keeps the account that the query finds from being deleted until the transaction ends. Its columns may still change,
 * apart from keys.
 */
export function holdingAccount<Query extends { forKeyShare(table: "accounts"): Query }>(
  connection: Connection,
  query: Query,
): Query {
  return connection.engine.rowLocks ? query.forKeyShare("accounts") : query;
}

/** Waits for whoever takes the row, and keeps others from taking it until the transaction ends. Several may share it. */
export function sharing<Query extends { forShare(): Query }>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forShare() : query;
}

/**
 * Does what `holdingAccount` does, and keeps the key pair that the query finds from being revoked until the transaction
 * ends. The pair's day of the last use may still change.
 */
export function holdingAccountAndKeyPair<
  Query extends { forKeyShare(tables: readonly ("accounts" | "key_pairs")[]): Query },
>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forKeyShare(["accounts", "key_pairs"]) : query;
}

/** Keeps the blobs that the query finds from being deleted until the transaction ends. They may still be adopted. */
export function holdingBlobs<Query extends { forKeyShare(): Query }>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forKeyShare() : query;
}

/**
 * Keeps the folder that the query finds from being deleted, moved or renamed until the transaction ends. Its columns may
 * still change, apart from keys, and files may be added to it.
 */
export function holdingFolder<Query extends { forKeyShare(): Query }>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forKeyShare() : query;
}

/**
 * Locks the rows for this transaction alone. It waits for transactions that hold the rows, or have added rows that
 * refer to them.
 */
export function lockingWhole<Query extends { forUpdate(): Query }>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forUpdate() : query;
}

/**
 * Locks, for deletion, those rows that no other transaction has locked. Nothing can begin to refer to a row that is
 * locked in this way.
 */
export function lockingWhatIsFree<Query extends Lockable<Query>>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forUpdate().skipLocked() : query;
}
