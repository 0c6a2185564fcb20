import { readFile, rm, writeFile } from "node:fs/promises";
import { errnoOf, toStorageError } from "../storage/storage-error.ts";

/**
 * Says that a restore of a backup has begun to fill the store. Without it, contents in the store belong to somebody else:
 * two libraries in one store would delete each other's contents.
 */
export class RestoreMarker {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether a restore of this backup has begun, and not ended. */
  async isOf(backup: string): Promise<boolean> {
    try {
      return (await readFile(this.#path, "utf8")) === backup;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return false;
      throw toStorageError(error, `read ${this.#path}`);
    }
  }

  async begin(backup: string): Promise<void> {
    try {
      await writeFile(this.#path, backup, { mode: 0o600, flush: true });
    } catch (error) {
      throw toStorageError(error, `write ${this.#path}`);
    }
  }

  async end(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
