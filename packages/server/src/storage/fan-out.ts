import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { shareRuns } from "../concurrency/share-work.ts";
import { syncFolder } from "./durable-folder.ts";
import { errnoOf, StorageError } from "./storage-error.ts";

export interface FanOutFolder {
  readonly path: string;
  /** Makes the entries that are there when it is called survive a power loss; concurrent calls share an fsync. */
  sync(): Promise<void>;
}

/**
 * The folders between a store's root and its blobs. Each is checked once to be a real folder, and made when it is first
 * written to.
 */
export class FanOut {
  readonly #root: string;
  readonly #syncRoot: () => Promise<void>;
  readonly #real = new Set<string>();
  readonly #writable = new Map<string, Promise<FanOutFolder>>();

  constructor(root: string) {
    this.#root = root;
    this.#syncRoot = shareRuns(() => syncFolder(root));
  }

  /** Returns the folder's path, or undefined if there is none. A symlink is none: it could lead out of the root. */
  async find(name: string): Promise<string | undefined> {
    const path = join(this.#root, name);
    if (this.#real.has(name)) return path;
    try {
      if (!(await lstat(path)).isDirectory()) return undefined;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
    this.#real.add(name);
    return path;
  }

  /** Resolves with the folder, which is made when it isn't there. Its own entry in the root is durable by then. */
  async open(name: string): Promise<FanOutFolder> {
    const opening = this.#writable.get(name) ?? this.#make(name);
    this.#writable.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.forget(name);
      throw error;
    }
  }

  /** Makes the next call look at the folder again. Called when something turned out to be wrong in it. */
  forget(name: string): void {
    this.#real.delete(name);
    this.#writable.delete(name);
  }

  async #make(name: string): Promise<FanOutFolder> {
    const path = join(this.#root, name);
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    if ((await this.find(name)) === undefined) {
      throw new StorageError("STORAGE_FAILED", `${path} is not a folder`);
    }
    // For an existing folder too: whoever made it, another process or one that was killed, may not have come this far.
    await this.#syncRoot();
    return { path, sync: shareRuns(() => syncFolder(path)) };
  }
}
