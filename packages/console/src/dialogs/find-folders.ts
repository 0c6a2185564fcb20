import { call } from "../api/call.ts";
import type { LibraryFolder } from "../library/library-file.ts";
import { nameOf, parentOf } from "../library/library-state.ts";
import { quoted } from "../search/search-query.ts";

/** The number of folders that a search shows. */
const maxFound = 50;

/** Folders of the whole library whose name begins so or has these words. */
export async function findFolders(text: string, signal: AbortSignal): Promise<readonly LibraryFolder[]> {
  const searchQuery = `type = "folder" AND (name : ${quoted(text)} OR name HAS ${quoted(text)})`;
  return ask(searchQuery, maxFound, signal);
}

/** Those of the folders that exist. */
export async function existingAmong(paths: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const below = paths.filter((path) => path !== "/");
  const list = (of: (path: string) => string) => below.map((path) => quoted(of(path))).join(", ");
  const searchQuery = `type = "folder" AND path IN [${list(parentOf)}] AND name IN [${list(nameOf)}]`;
  // Each parent may have a folder of each name.
  const found = below.length === 0 ? [] : await ask(searchQuery, below.length ** 2, signal);
  const there = new Set(found.map(({ folderPath }) => folderPath));
  return paths.filter((path) => path === "/" || there.has(path));
}

async function ask(searchQuery: string, limit: number, signal: AbortSignal): Promise<readonly LibraryFolder[]> {
  const query = { searchQuery, sort: "ASC_NAME", limit };
  return (await call("GET /v1/files", { query: query as never }, signal)).body as readonly LibraryFolder[];
}
