import { type ExpressionBuilder, sql } from "kysely";
import { type Viewer, viewerOfServer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { lockingWhole } from "../locks.ts";
import type { Schema } from "../schema.ts";
import type { FolderRow } from "./folders.ts";

/*
 * Queries on a folder with all that lies beneath it. The paths of what lies beneath it are a range of the index on paths.
 */

export interface Tree {
  readonly accountId: string;
  /** The path of the folder at the top. */
  readonly path: string;
}

/** The first text behind all paths that begin with `path` and a slash: `0` comes next after the slash. */
function endOf(path: string): string {
  return path === "/" ? "0" : `${path}0`;
}

/** The text in front of all paths that begin with `path` and a slash. */
function startOf(path: string): string {
  return path === "/" ? "/" : `${path}/`;
}

/** The paths beneath the top of the tree. */
function below({ accountId, path }: Tree) {
  return ({ and, eb }: ExpressionBuilder<Schema, "folders">) =>
    and([
      eb("folders.account_id", "=", accountId),
      eb("folders.path", ">", startOf(path)),
      eb("folders.path", "<", endOf(path)),
    ]);
}

/** The paths beneath the top of the tree, and the top itself. */
export function within(tree: Tree) {
  return ({ and, eb, or }: ExpressionBuilder<Schema, "folders">) =>
    or([
      and([eb("folders.account_id", "=", tree.accountId), eb("folders.path", "=", tree.path)]),
      and([
        eb("folders.account_id", "=", tree.accountId),
        eb("folders.path", ">", startOf(tree.path)),
        eb("folders.path", "<", endOf(tree.path)),
      ]),
    ]);
}

export async function findFolderAt(
  connection: Connection,
  { accountId }: Viewer,
  path: string,
): Promise<FolderRow | undefined> {
  return connection
    .selectFrom("folders")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("path", "=", path)
    .executeTakeFirst();
}

/** Counts the folders beneath the top, but at most `limit` of them. */
export async function countFoldersBelow(connection: Connection, tree: Tree, limit: number): Promise<number> {
  const { count } = await connection
    .selectFrom((from) => from.selectFrom("folders").select("folders.id").where(below(tree)).limit(limit).as("found"))
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Counts the files in the tree, but at most `limit` of them. */
export async function countFilesWithin(connection: Connection, tree: Tree, limit: number): Promise<number> {
  const { count } = await connection
    .selectFrom((from) =>
      from
        .selectFrom("folders")
        .innerJoin("files", "files.folder_id", "folders.id")
        .select("files.id")
        .where(within(tree))
        .limit(limit)
        .as("found"),
    )
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Counts the bytes of the versions in the tree: those of all versions, or of the current ones alone. At most `limit`
 * versions are counted.
 */
export async function sumSizesWithin(
  connection: Connection,
  tree: Tree,
  { allVersions, limit }: { readonly allVersions: boolean; readonly limit: number },
): Promise<number> {
  const { bytes } = await connection
    .selectFrom((from) => {
      const versions = from
        .selectFrom("folders")
        .innerJoin("files", "files.folder_id", "folders.id")
        .innerJoin("versions", "versions.file_id", "files.id")
        .select("versions.size")
        .where(within(tree));
      const chosen = allVersions ? versions : versions.whereRef("versions.id", "=", "files.current_version_id");
      return chosen.limit(limit).as("found");
    })
    .select(({ fn }) => fn.sum<number | string | null>("size").as("bytes"))
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

export interface TreeExtent {
  /** The number of levels beneath the top. */
  readonly depth: number;
  /** Bytes in UTF-8 by which the longest path of a folder is longer than the path of the top. */
  readonly folderBytes: number;
}

/** The extent of the tree, of which at most `limit` folders are looked at. */
export async function extentOf(connection: Connection, tree: Tree, limit: number): Promise<TreeExtent> {
  const top = tree.path === "/" ? 0 : tree.path.split("/").length - 1;
  const row = await connection
    .selectFrom((from) => from.selectFrom("folders").select("folders.path").where(below(tree)).limit(limit).as("found"))
    .select([
      sql<number | null>`max(length(path) - length(replace(path, '/', '')))`.as("levels"),
      sql<number | null>`max(octet_length(path))`.as("bytes"),
    ])
    .executeTakeFirstOrThrow();
  return {
    depth: Math.max(0, Number(row.levels ?? top) - top),
    folderBytes: Math.max(0, Number(row.bytes ?? 0) - Buffer.byteLength(tree.path)),
  };
}

/** The length of the longest path of a file in the tree, in bytes of UTF-8. At most `limit` files are looked at. */
export async function longestFilePath(connection: Connection, tree: Tree, limit: number): Promise<number> {
  const { bytes } = await connection
    .selectFrom((from) =>
      from
        .selectFrom("folders")
        .innerJoin("files", "files.folder_id", "folders.id")
        .select(["folders.path", "files.name"])
        .where(within(tree))
        .limit(limit)
        .as("found"),
    )
    .select(sql<number | null>`max(octet_length(path) + 1 + octet_length(name))`.as("bytes"))
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

/** The first folder beneath the top whose path comes after `after`. Folders beneath `except` are left out. */
export async function nextFolder(
  connection: Connection,
  tree: Tree,
  { after, except }: { readonly after: string; readonly except?: string | undefined },
): Promise<FolderRow | undefined> {
  let query = connection.selectFrom("folders").selectAll().where(below(tree)).where("path", ">", after);
  if (except !== undefined) {
    query = query
      .where("path", "!=", except)
      .where(({ eb, or }) => or([eb("path", "<", `${except}/`), eb("path", ">=", endOf(except))]));
  }
  return query.orderBy("path").limit(1).executeTakeFirst();
}

/** The last folders of the tree by their paths: each stands before the folders that it lies in, the top is the last. */
export async function lastFolders(
  connection: Connection,
  tree: Tree,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<FolderRow[]> {
  let query = connection.selectFrom("folders").selectAll().where(below(tree));
  if (before !== undefined) query = query.where("path", "<", before);
  const rows = await query.orderBy("path", "desc").limit(limit).execute();
  // Asked for apart, since then both queries follow the index.
  const top =
    rows.length < limit && before !== tree.path
      ? await findFolderAt(connection, viewerOfServer(tree.accountId), tree.path)
      : undefined;
  return top === undefined ? rows : [...rows, top];
}

/**
 * Locks folders from the top down. Until the transaction ends, nobody adds anything to them.
 * @returns those that are still there, from the top down
 */
export async function lockFolders(
  connection: Connection,
  accountId: string,
  folderIds: readonly string[],
): Promise<FolderRow[]> {
  if (folderIds.length === 0) return [];
  const rows = connection.selectFrom("folders").selectAll().where("account_id", "=", accountId);
  return lockingWhole(connection, rows.where("id", "in", folderIds).orderBy("path")).execute();
}

/** Those of the folders that have neither a file nor a folder in them. */
export async function emptyOnes(connection: Connection, folderIds: readonly string[]): Promise<string[]> {
  if (folderIds.length === 0) return [];
  const rows = await connection
    .selectFrom("folders")
    .select("id")
    .where("id", "in", folderIds)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("files").select("files.id").whereRef("files.folder_id", "=", "folders.id"))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("folders as inner").select("inner.id").whereRef("inner.parent_id", "=", "folders.id"))),
    )
    .execute();
  return rows.map(({ id }) => id);
}

export async function deleteFolders(connection: Connection, folderIds: readonly string[]): Promise<void> {
  if (folderIds.length === 0) return;
  await connection.deleteFrom("folders").where("id", "in", folderIds).execute();
}

export interface FolderPlace {
  readonly parentId: string;
  readonly name: string;
  readonly path: string;
}

/**
 * Puts a folder with all that lies beneath it to another place, which is free. The files refer to their folders by id,
 * so no file is touched.
 * @returns the number of folders whose paths have changed
 */
export async function moveTree(connection: Connection, tree: Tree, to: FolderPlace, now: number): Promise<number> {
  const rows = await connection.selectFrom("folders").select("moved_at").where(within(tree)).execute();
  const movedAt = rows.reduce((latest, row) => Math.max(latest, row.moved_at + 1), now);
  await connection
    .updateTable("folders")
    .set({ path: sql<string>`${to.path} || substr(path, length(${tree.path}) + 1)`, moved_at: movedAt })
    .where(within(tree))
    .execute();
  await connection
    .updateTable("folders")
    .set({ parent_id: to.parentId, name: to.name, updated_at: now })
    .where("account_id", "=", tree.accountId)
    .where("path", "=", to.path)
    .execute();
  return rows.length;
}

/** Puts a folder alone to another place, without what lies beneath it. `takeFolders` gives that to another folder. */
export async function moveFolderAlone(
  connection: Connection,
  folder: FolderRow,
  to: FolderPlace,
  now: number,
): Promise<void> {
  await connection
    .updateTable("folders")
    .set({
      parent_id: to.parentId,
      name: to.name,
      path: to.path,
      moved_at: Math.max(now, folder.moved_at + 1),
      updated_at: now,
    })
    .where("id", "=", folder.id)
    .execute();
}

/** Counts the folders directly in the folder, but at most `limit` of them. */
export async function countFoldersIn(connection: Connection, folderId: string, limit: number): Promise<number> {
  const { count } = await connection
    .selectFrom((from) =>
      from.selectFrom("folders").select("folders.id").where("parent_id", "=", folderId).limit(limit).as("found"),
    )
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Puts the folders directly in one folder into another one that has the same path as the first one had.
 * @returns their ids
 */
export async function takeFolders(connection: Connection, fromId: string, toId: string): Promise<string[]> {
  const rows = await connection
    .updateTable("folders")
    .set({ parent_id: toId })
    .where("parent_id", "=", fromId)
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}
