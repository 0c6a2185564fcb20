import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/** The folders of this machine. Containers may share a folder of temporary files, and have numbers of processes of their own. */
const prefix = `sluice-media-${createHash("sha256").update(hostname()).digest("hex").slice(0, 8)}-`;

const made = new Set<string>();
let watches = false;

/** Makes a folder of temporary files, such as fonts, for this process alone. It is removed when the process ends. */
export async function makeScratchFolder(within = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(within, `${prefix}${process.pid}-`));
  if (!watches) process.once("exit", () => removeAll(made));
  watches = true;
  made.add(folder);
  return folder;
}

/** Removes folders while the process ends, when nothing can be awaited any more. */
export function removeAll(folders: Iterable<string>): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A later process tries again, and the other folders are removed all the same.
    }
  }
}

/** The folder in which the processes that this one starts have theirs. */
export class ScratchFolder {
  #made: Promise<string> | undefined;

  async path(): Promise<string> {
    const before = this.#made;
    this.#made ??= this.#make();
    const folder = await this.#made;
    // Whoever cleans the temporary files may have removed it, and somebody else may have made one of its name.
    if (before === undefined || (await isOwnFolder(folder))) return folder;
    if (this.#made === before) this.#made = this.#make();
    return this.#made;
  }

  #make(): Promise<string> {
    const making = makeScratchFolder();
    // What failed for want of room, for instance, is tried again.
    making.catch(() => {
      if (this.#made === making) this.#made = undefined;
    });
    return making;
  }

  async close(): Promise<void> {
    const folder = await this.#made?.catch(() => undefined);
    if (folder !== undefined) await removeScratchFolder(folder);
  }
}

async function removeScratchFolder(folder: string): Promise<void> {
  made.delete(folder);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Removes the folders of processes that were killed. They may have fonts of accounts in them. */
export async function removeLeftScratchFolders(within = tmpdir()): Promise<void> {
  for (const name of await readdir(within).catch(() => [])) {
    const pid = name.startsWith(prefix) ? /^(\d{1,10})-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid === undefined) continue;
    const folder = join(within, name);
    const modifiedAt = await modificationOf(folder);
    if (modifiedAt !== undefined && isLeft(Number(pid), modifiedAt)) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/**
 * Whether a folder is there and belongs to this process's user alone. Anybody may make one of any name among the
 * temporary files, with links in it that lead elsewhere.
 */
export async function isOwnFolder(folder: string): Promise<boolean> {
  return (await modificationOf(folder)) !== undefined;
}

/** The time at which an own folder was changed, in Unix milliseconds. */
async function modificationOf(folder: string): Promise<number | undefined> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return;
  // Systems without users' numbers have a folder of temporary files for each user.
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  return isOwn ? found.mtimeMs : undefined;
}

/** In a container, the process after a killed one has the same number. */
function isLeft(pid: number, modifiedAt: number): boolean {
  return pid === process.pid ? modifiedAt < Date.now() - process.uptime() * 1000 : !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
