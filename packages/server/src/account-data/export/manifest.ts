import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../../storage/durable-folder.ts";
import { writeAll } from "../../storage/write-all.ts";

interface WrittenFile {
  /** The size in bytes. */
  readonly size: number;
  /** The digest in hexadecimal. */
  readonly sha256: string;
}

/** A new, private file whose bytes are hashed as they are written. */
export class HashedFile {
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash("sha256");
  #size = 0;

  /** @throws EEXIST where there is already something at that path */
  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, "wx", 0o600));
  }

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.#size += chunk.byteLength;
    await writeAll(this.#file, [chunk]);
  }

  /** Resolves once the bytes are on disk. */
  async finish(): Promise<WrittenFile> {
    await this.#file.sync();
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * The manifest's name shows whether the export is whole. While the export is being made there is no manifest of either
 * name.
 */
const manifestNames = { whole: "manifest.jsonl", withProblems: "manifest-incomplete.jsonl" } as const;

/** The manifest of an export, one JSON object a line. It gets its name when everything else is on disk. */
export class Manifest {
  readonly #folder: string;
  readonly #part: string;
  readonly #file: HashedFile;

  static async create(folder: string): Promise<Manifest> {
    const part = join(folder, "manifest.part");
    return new Manifest(folder, part, await HashedFile.create(part));
  }

  private constructor(folder: string, part: string, file: HashedFile) {
    this.#folder = folder;
    this.#part = part;
    this.#file = file;
  }

  async add(line: object): Promise<void> {
    await this.#file.write(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  /**
   * Gives the manifest its name. It must be called when everything that the manifest names is on disk.
   * @returns the name
   */
  async finish(isWhole: boolean): Promise<string> {
    await this.#file.finish();
    const name = isWhole ? manifestNames.whole : manifestNames.withProblems;
    await rename(this.#part, join(this.#folder, name));
    await syncFolder(this.#folder);
    return name;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
