import type { Selectable } from "kysely";
import { newId } from "../../text/id.ts";
import type { Connection } from "../database.ts";
import { StaleReadError } from "../database.ts";
import { holdingAccount, holdingAccountAndKeyPair, holdingFolder } from "../locks.ts";
import { prepared } from "../prepared.ts";
import type { FoldersTable } from "../schema.ts";
import { indexFolders } from "../search-index/write-index.ts";

export type FolderRow = Selectable<FoldersTable>;

/** The path of a folder, or of a file, in the folder at `parent`. */
export function pathWithin(parent: string, name: string): string {
  return parent === "/" ? `/${name}` : `${parent}/${name}`;
}

export async function findFolder(
  connection: Connection,
  accountId: string,
  folderId: string,
): Promise<FolderRow | undefined> {
  return connection
    .selectFrom("folders")
    .selectAll()
    .where("id", "=", folderId)
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

export async function insertFolder(connection: Connection, row: FolderRow): Promise<void> {
  await connection.insertInto("folders").values(row).execute();
}

/** Creates the account's root folder. Every account has one. */
export async function insertRootFolder(connection: Connection, accountId: string, now: number): Promise<void> {
  const row = { id: newId(now), account_id: accountId, parent_id: null, name: "", path: "/" };
  await connection
    .insertInto("folders")
    .values({ ...row, created_at: now, updated_at: now })
    .execute();
}

export async function findFolderId(
  connection: Connection,
  accountId: string,
  path: string,
): Promise<string | undefined> {
  const { rows } = await byPath(connection, { accountId, path });
  return rows[0]?.id;
}

const byPath = prepared((connection, by: { readonly accountId: string; readonly path: string }) =>
  connection.selectFrom("folders").select("id").where("account_id", "=", by.accountId).where("path", "=", by.path),
);

/** A folder of an active account; null for a folder that doesn't exist. */
interface FolderOfActive {
  readonly folderId: string | null;
  readonly movedAt: number | null;
}

/**
 * Finds the folder of an account that is active and stays active, as with `holdActiveAccount`.
 * @returns undefined if the account is not active
 */
export async function findFolderOfActive(
  connection: Connection,
  accountId: string,
  path: string,
): Promise<FolderOfActive | undefined> {
  const { rows } = await ofActive(connection, { accountId, path });
  return rows[0];
}

/**
 * Does what `findFolderOfActive` does, and keeps the key pair from being revoked until the transaction ends. An upload asks
 * all of it in one statement.
 * @returns undefined if the account is not active, or the key pair is revoked
 */
export async function findFolderWithKeyPair(
  connection: Connection,
  accountId: string,
  path: string,
  keyPairId: string,
): Promise<FolderOfActive | undefined> {
  const { rows } = await withKeyPair(connection, { accountId, path, keyPairId });
  return rows[0];
}

const ofActive = prepared((connection, by: { readonly accountId: string; readonly path: string }) =>
  holdingAccount(connection, selectOfActive(connection, by)),
);

const withKeyPair = prepared(
  (connection, by: { readonly accountId: string; readonly path: string; readonly keyPairId: string }) =>
    holdingAccountAndKeyPair(
      connection,
      selectOfActive(connection, by)
        .innerJoin("key_pairs", "key_pairs.account_id", "accounts.id")
        .where("key_pairs.id", "=", by.keyPairId)
        .where("key_pairs.revoked_at", "is", null),
    ),
);

function selectOfActive(connection: Connection, by: { readonly accountId: string; readonly path: string }) {
  return connection
    .selectFrom("accounts")
    .leftJoin("folders", (join) =>
      join.onRef("folders.account_id", "=", "accounts.id").on("folders.path", "=", by.path),
    )
    .select(["folders.id as folderId", "folders.moved_at as movedAt"])
    .where("accounts.id", "=", by.accountId)
    .where("accounts.status", "=", "active");
}

/**
 * Returns the id of the folder at `path` (`/` or `/a/b`). Missing folders are created, parents included. Two
 * transactions that create the same folder end up with one.
 */
export async function ensureFolder(
  connection: Connection,
  accountId: string,
  path: string,
  now: number,
): Promise<string> {
  const existing = await findFolderId(connection, accountId, path);
  if (existing !== undefined) return existing;
  if (path === "/") throw new Error(`account ${accountId} has no root folder`);
  const slash = path.lastIndexOf("/");
  const parentId = await ensureFolder(connection, accountId, path.slice(0, slash) || "/", now);
  const row = { id: newId(now), account_id: accountId, parent_id: parentId, name: path.slice(slash + 1), path };
  const { numInsertedOrUpdatedRows: inserted } = await connection
    .insertInto("folders")
    .values({ ...row, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(["account_id", "path"]).doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 1n) await indexFolders(connection, [row.id]);
  const id = await findFolderId(connection, accountId, path);
  if (id === undefined) throw new StaleReadError("A folder vanished while it was being created.");
  // The new row keeps the parent's path as it is. Until then the parent may have been moved.
  const parent = await findFolder(connection, accountId, parentId);
  if (parent === undefined || path !== pathWithin(parent.path, row.name)) {
    throw new StaleReadError("A folder was moved while another one was being created in it.");
  }
  return id;
}

/**
 * Does what `ensureFolder` does, and keeps the folder at its path until the transaction ends: nobody deletes, moves or
 * renames it meanwhile.
 */
export async function holdFolder(
  connection: Connection,
  accountId: string,
  path: string,
  now: number,
): Promise<string> {
  for (;;) {
    const id = await ensureFolder(connection, accountId, path, now);
    const { rows } = await heldAt(connection, { id, path });
    if (rows.length > 0) return id;
    // Another transaction has taken the folder away meanwhile. The path is free then, or has another folder.
  }
}

const heldAt = prepared((connection, by: { readonly id: string; readonly path: string }) =>
  holdingFolder(
    connection,
    connection.selectFrom("folders").select("id").where("id", "=", by.id).where("path", "=", by.path),
  ),
);
