import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { writeAll } from "../../storage/write-all.ts";

export interface WrittenFile {
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
