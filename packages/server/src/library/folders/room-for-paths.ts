import type { Connection } from "../../database/database.ts";
import { extentOf, longestFilePath, type Tree } from "../../database/repositories/folder-trees.ts";
import { maxPathBytes } from "../names/folder.ts";
import { hasRoomForNames, problemOfTree, type TreeProblem } from "./folder-paths.ts";

/**
 * Folders and files of one tree are looked at up to this number, so that a transaction stays short. A job moves a larger
 * tree in several steps, and each step looks at what it moves.
 */
const maxLookedAt = 100_000;

/** Returns the reason why the tree, with its folders and files, has no room at `path`; undefined if it has room. */
export async function problemAt(connection: Connection, tree: Tree, path: string): Promise<TreeProblem | undefined> {
  const extent = await extentOf(connection, tree, maxLookedAt);
  const problem = problemOfTree(path, extent);
  if (problem !== undefined || hasRoomForNames(path, extent)) return problem;
  const longest = await longestFilePath(connection, tree, maxLookedAt);
  const bytes = longest + Buffer.byteLength(path) - Buffer.byteLength(tree.path);
  return bytes > maxPathBytes ? "path too long" : undefined;
}
