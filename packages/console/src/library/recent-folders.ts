import { queries, sessionKey } from "../api/queries.ts";
import { onSignOut, type Session, userOf } from "../door/session.ts";

/** The number of folders that are kept. */
const maxKept = 5;
const prefix = "sluice-recent-folders ";

/** The folders into which the user has put something last, the newest first. This browser keeps them until they sign out. */
export function recentFolders(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOfUser()) ?? "[]");
    return Array.isArray(kept) ? kept.filter((path) => typeof path === "string").slice(0, maxKept) : [];
  } catch {
    return [];
  }
}

/** Whoever moves files into the folder gets them moved, also where the browser keeps nothing. */
export function rememberFolder(folder: string): void {
  const others = recentFolders().filter((path) => path !== folder);
  try {
    localStorage.setItem(keyOfUser(), JSON.stringify([folder, ...others].slice(0, maxKept)));
  } catch {
    // Its storage is full or turned off.
  }
}

function keyOfUser(): string {
  const session = queries.getQueryData<Session>(sessionKey);
  return prefix + (session ? userOf(session) : "");
}

onSignOut(() => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
});
