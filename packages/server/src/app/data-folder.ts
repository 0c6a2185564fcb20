import { constants, type Stats } from "node:fs";
import { access, chmod, lstat, readdir, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import { errnoOf } from "../storage/storage-error.ts";

/**
 * The files that hold secrets: the database, which holds the private keys, the files that SQLite keeps beside it, the
 * key for the secrets in it, and the files of single secrets, with that of the public key beside a private one.
 */
const secretNames =
  /^sluice\.sqlite(?:-wal|-shm|-journal|-reserve)?$|^secrets-key(?:\..+)?\.txt$|^(?:private-key|public-key|webhook(?:-url)?-secret)-.+\.txt$/;
/** The folders that Sluice puts into the data folder. */
const folders = ["blobs", "spool", "derived", "leases"];
/**
 * Names that may be in the data folder too: the running server's note, the counts of earlier versions, and `lost+found`,
 * which file systems have at their roots.
 */
const otherNames = new Set([...folders, "server.json", "usage", "lost+found"]);
const othersMay = 0o077;
const stickyBit = 0o1000;

/** Called with a sentence about what other users of the machine can still read. */
export type Warn = (warning: string) => void;

/** The data folder of a server that is starting. */
export class DataFolder {
  readonly #logger: Pick<Logger, "warn">;
  /** The lowest and the topmost folder that were made. */
  #made: { readonly path: string; readonly top: string } | undefined;

  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /** Makes the folder where it is missing, keeps other users out, and checks that the folder can be written. */
  async prepare(path: string): Promise<void> {
    const top = await makePrivateFolder(path, (warning) => this.#logger.warn(warning));
    if (top !== undefined) this.#made = { path, top };
    // SQLite would open a read-only database all the same, and would still refuse to write once it is writable again.
    await access(path, constants.W_OK | constants.X_OK);
  }

  /**
   * Removes the folders that a failed start has made, as long as no file is in them. The gap that remains: another
   * server that has begun to use the same new folder since, and has no file in it yet, has to be started again.
   */
  async takeBack(): Promise<void> {
    if (this.#made === undefined) return;
    const { path, top } = this.#made;
    for (const name of folders) await rmdir(join(path, name)).catch(() => undefined);
    try {
      await rmdir(path);
      for (let folder = path; folder !== top; ) {
        folder = dirname(folder);
        await rmdir(folder);
      }
    } catch {
      // The folder is not empty.
    }
  }
}

/**
 * Makes the data folder where it is missing, and keeps other users out of it, or at least out of the secrets in it.
 * @returns the topmost folder that was made, undefined when there was nothing to make
 */
export async function makePrivateFolder(path: string, warn: Warn): Promise<string | undefined> {
  const made = await makeDurableFolder(path);
  // Windows has another kind of permissions.
  if (process.platform === "win32") return made;
  try {
    const names = await readdir(path);
    await closeFolder(path, names, warn);
    for (const name of names) if (secretNames.test(name)) await closeFile(join(path, name), warn);
  } catch (error) {
    warn(`the permissions in ${path} could not be looked at: ${(error as Error).message}`);
  }
  return made;
}

/**
 * Closes the folder only when it is Sluice's alone. In a shared folder, such as /tmp, others may need the other files.
 */
async function closeFolder(path: string, names: readonly string[], warn: Warn): Promise<void> {
  const found = await stat(path);
  if (!isOpen(found)) return;
  const foreign = names.find((name) => !secretNames.test(name) && !otherNames.has(name));
  const isShared = (found.mode & stickyBit) !== 0;
  if (foreign === undefined && !isShared) return takeFromOthers(path, found, 0o7700, warn);
  const why = foreign === undefined ? "is shared by its sticky bit" : `holds what is not Sluice's, such as ${foreign}`;
  warn(
    `other users can get into the data folder ${path} (mode ${octal(found)}), which is left so because it ${why}: give Sluice a folder of its own, or run chmod 700`,
  );
}

/**
 * Closes a file, but follows no link, which may lead anywhere. Only the folder, which is closed first, keeps others
 * from putting a link in the file's place meanwhile. The file can't be opened to make sure of that, since this would
 * end SQLite's locks on it.
 */
async function closeFile(path: string, warn: Warn): Promise<void> {
  const found = await unlessGone(lstat(path));
  if (found === undefined) return;
  if (found.isSymbolicLink()) {
    const target = await unlessGone(stat(path));
    if (target !== undefined && isOpen(target)) {
      warn(`other users can read what ${path} links to (mode ${octal(target)}), which is left so: run chmod 600 on it`);
    }
  } else if (found.isFile() && isOpen(found)) {
    await takeFromOthers(path, found, 0o600, warn);
  }
}

/** A file may be gone by now: SQLite removes its log when the last connection is closed. */
function unlessGone(found: Promise<Stats>): Promise<Stats | undefined> {
  return found.catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  });
}

/** @param kept the permission bits to keep */
async function takeFromOthers(path: string, { mode }: Stats, kept: number, warn: Warn): Promise<void> {
  const problem = await chmod(path, mode & kept)
    .then(() => unlessGone(stat(path)))
    .then(
      (now) => (now !== undefined && isOpen(now) ? "the file system keeps no permissions" : undefined),
      (error: Error) => (errnoOf(error) === "ENOENT" ? undefined : error.message),
    );
  if (problem !== undefined) warn(`other users can read ${path} (mode ${octal({ mode })}): ${problem}`);
}

function isOpen({ mode }: Pick<Stats, "mode">): boolean {
  return (mode & othersMay) !== 0;
}

function octal({ mode }: Pick<Stats, "mode">): string {
  return (mode & 0o7777).toString(8);
}
