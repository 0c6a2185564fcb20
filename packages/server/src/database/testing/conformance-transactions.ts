import { sql } from "kysely";
import { type Connection, Rollback } from "../database.ts";
import { type BlobRow, insertBlob } from "../repositories/blobs.ts";
import { ensureFolder, insertRootFolder } from "../repositories/folders.ts";

/* Scripts with which the tests of the database itself exercise it. */

export async function addAccount(
  connection: Connection,
  input: { id: string; ending?: "throw" | "roll back" },
): Promise<string> {
  await insertAccountRow(connection, input.id);
  await insertRootFolder(connection, input.id, 1);
  if (input.ending === "throw") throw new Error("thrown on purpose");
  if (input.ending === "roll back") throw new Rollback("rolled back");
  return input.id;
}

export async function announce(
  connection: Connection,
  input: { names: string[]; ending?: "throw" | "roll back" },
): Promise<void> {
  for (const name of input.names) connection.announced.add(name);
  if (input.ending === "throw") throw new Error("thrown on purpose");
  if (input.ending === "roll back") throw new Rollback(undefined);
}

export function addBlob(connection: Connection, row: BlobRow): Promise<boolean> {
  return insertBlob(connection, row);
}

export function makeFolder(connection: Connection, input: { accountId: string; path: string }): Promise<string> {
  return ensureFolder(connection, input.accountId, input.path, 1);
}

/** Everything in it succeeds, and its COMMIT fails. */
export async function breakForeignKeyAtCommit(connection: Connection, { id }: { id: string }): Promise<void> {
  connection.announced.add("nothing");
  if (connection.engine.rowLocks) {
    await sql`alter table key_pairs alter constraint key_pairs_account_id_fkey deferrable initially deferred`.execute(
      connection,
    );
  } else {
    await sql`pragma defer_foreign_keys = on`.execute(connection);
  }
  await insertAccountRow(connection, id);
  await connection
    .insertInto("key_pairs")
    .values({
      id: "k",
      account_id: "nobody",
      public_key: "public_test",
      private_key: "private_test",
      private_key_hash: new Uint8Array([1]),
      origin: "generated",
      created_at: 1,
      expires_at: null,
    })
    .execute();
}

/** Locks two rows in the order that is asked for, which no script of the application does. */
export async function disableBoth(connection: Connection, input: { first: string; second: string }): Promise<void> {
  for (const id of [input.first, input.second]) {
    await connection.updateTable("accounts").set({ status: "disabled" }).where("id", "=", id).execute();
  }
}

async function insertAccountRow(connection: Connection, id: string): Promise<void> {
  await connection.insertInto("accounts").values({ id, imagekit_id: id, status: "active", created_at: 1 }).execute();
}
