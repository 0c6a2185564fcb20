import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { makeDurableFolder, syncFolder } from "../../storage/durable-folder.ts";
import { toStorageError } from "../../storage/storage-error.ts";
import { ExportPaths } from "./export-paths.ts";

/** The folder that an export fills. Only its owner can read it. */
export class ExportFolder {
  readonly path: string;
  readonly paths: ExportPaths;
  readonly #notes: string;

  /**
   * @throws ConfigError when there is something in the folder: two exports must not be taken for one
   * @throws StorageError when the folder can't be made
   */
  static async open(to: string): Promise<ExportFolder> {
    const path = resolve(to);
    try {
      await makeDurableFolder(path);
      if ((await readdir(path)).length > 0)
        throw new ConfigError(`--to must name a new or an empty folder, not ${path}`);
      await chmod(path, 0o700);
      return new ExportFolder(path);
    } catch (error) {
      throw toStorageError(error, `make the folder ${path}`);
    }
  }

  private constructor(path: string) {
    this.path = path;
    this.#notes = join(path, ".export-paths.sqlite");
    this.paths = new ExportPaths(this.#notes);
  }

  /** Makes the folder for the file. */
  async makeParent(file: string): Promise<void> {
    const parent = dirname(file);
    if (parent === "." || !this.paths.note(parent)) return;
    await this.makeParent(parent);
    try {
      await mkdir(join(this.path, parent), { mode: 0o700 });
    } catch (error) {
      throw toStorageError(error, `make the folder ${join(this.path, parent)}`);
    }
  }

  /** Resolves once everything that was made in the folders is on disk. */
  async sync(signal: AbortSignal): Promise<void> {
    for (const folder of this.paths.made()) {
      signal.throwIfAborted();
      await syncFolder(join(this.path, folder));
    }
    await syncFolder(this.path);
  }

  async close(): Promise<void> {
    this.paths.close();
    await rm(this.#notes, { force: true });
  }
}
