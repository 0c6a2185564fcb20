import { constants } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "./storage-error.ts";

/** Makes what was created or renamed in the folder itself survive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems (CIFS, read-only images) can't fsync a folder. Nothing more can be done there.
    if (errnoOf(error) !== "EINVAL") throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Makes a private folder (0700) with the parents it lacks, so that all of them survive a power loss. A folder that
 * exists keeps its mode. Its entry is synced even so, since an earlier process may have been killed before it did that.
 * @returns the topmost folder that was made, undefined when there was nothing to make
 */
export async function makeDurableFolder(path: string): Promise<string | undefined> {
  const firstMade = await makeWithParents(path);
  if (firstMade === undefined) {
    await syncEntryOf(path);
    return undefined;
  }
  const top = dirname(firstMade);
  let parent = path;
  do {
    parent = dirname(parent);
    await syncFolder(parent);
  } while (parent !== top);
  return firstMade;
}

/**
 * Makes one level at a time. Node's own recursive mkdir never returns where the system claims that the parent of a
 * folder that can't be made does not exist, as under /proc.
 * @returns the topmost folder that was made, undefined when there was nothing to make
 */
async function makeWithParents(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return path;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST" && (await stat(path)).isDirectory()) return undefined;
    const parent = dirname(path);
    if (errno !== "ENOENT" || parent === path) throw error;
    const topmost = await makeWithParents(parent);
    await mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      // Another process may have made it meanwhile.
      if (errnoOf(again) !== "EEXIST") throw again;
    });
    return topmost ?? path;
  }
}

async function syncEntryOf(path: string): Promise<void> {
  try {
    await syncFolder(dirname(path));
  } catch (error) {
    // We can't have made the folder in a parent that may not be read (systemd's /var/lib/private).
    if (errnoOf(error) !== "EACCES") throw error;
  }
}
