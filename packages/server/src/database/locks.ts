import type { Connection } from "./connection.ts";

/*
 * Row locks on PostgreSQL, where transactions run at the same time under READ COMMITTED. A script takes them in this
 * order, so that no two ever wait for each other; the rows that it inserts count as locked by it:
 *
 *   1. the account
 *   2. folders, each before those below it
 *   3. the file
 *   4. the blob; one of several is taken only where it is free (the sweep)
 *   5. versions, key pairs, custom metadata fields, named transformations: only below a locked file, or a locked account;
 *      with a version the row that counts it, and with a custom metadata field or a named transformation the account,
 *      which triggers change
 *   6. a used token's row
 *   7. the run of an extension
 *
 * A script that only holds an account (`holdActiveAccount`) may do so at any time: nobody waits for anything else while he
 * has a whole account.
 *
 * What a script has read before it had the lock it reads again, in a statement of its own: each sees what was committed
 * before it began. On SQLite there is one transaction at a time, which is all the lock it takes.
 */

interface Lockable<Query> {
  forNoKeyUpdate(): Query;
  forUpdate(): { skipLocked(): Query };
}

/** The rows that the query finds are this transaction's until it ends. Rows that refer to them may still be added. */
export function locking<Query extends Lockable<Query>>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forNoKeyUpdate() : query;
}

/** The account that the query finds is there until the transaction ends. Its columns may still change, apart from keys. */
export function holdingAccount<Query extends { forKeyShare(table: "accounts"): Query }>(
  connection: Connection,
  query: Query,
): Query {
  return connection.engine.rowLocks ? query.forKeyShare("accounts") : query;
}

/** The rows are this transaction's alone: it waits for those that hold them, or have added rows that refer to them. */
export function lockingWhole<Query extends { forUpdate(): Query }>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forUpdate() : query;
}

/** Those that no other transaction has locked, to be deleted: nothing can begin to refer to them. */
export function lockingWhatIsFree<Query extends Lockable<Query>>(connection: Connection, query: Query): Query {
  return connection.engine.rowLocks ? query.forUpdate().skipLocked() : query;
}
