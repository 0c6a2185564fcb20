import { call } from "../api/call.ts";
import { quoted } from "../search/search-query.ts";
import { joinPath } from "./library-state.ts";

/** Whether a folder has a folder of this name. */
export async function hasFolder(path: string, name: string, signal?: AbortSignal): Promise<boolean> {
  const searchQuery = `type = "folder" AND path = ${quoted(path)} AND name = ${quoted(name)}`;
  return (await call("GET /v1/files", { query: { searchQuery, limit: 1 } }, signal)).body.length > 0;
}

/** The folder, or the closest one above it that exists. */
export async function closestFolder(folder: string, signal?: AbortSignal): Promise<string> {
  let closest = "/";
  for (const name of folder.split("/").filter((part) => part !== "")) {
    if (!(await hasFolder(closest, name, signal))) break;
    closest = joinPath(closest, name);
  }
  return closest;
}
