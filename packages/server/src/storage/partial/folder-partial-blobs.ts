import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { assertBlobKey, isBlobKey } from "../blob-key.ts";
import type { FanOut } from "../fan-out.ts";
import { errnoOf, StorageError, toStorageError } from "../storage-error.ts";
import {
  type Appended,
  beginPartialBlob,
  type CompleteBytes,
  type PartialBlob,
  type PartialBlobs,
  type PartialEntry,
} from "./partial-blobs.ts";
import { PieceWriter } from "./piece-writer.ts";
import { readPiece } from "./read-piece.ts";

/** The folder's name among the folders of the blobs. It is on the same file system, so that completing costs a link. */
const folderName = "partial";

/**
 * Stores each unfinished blob as a growing file at `<root>/partial/<key>`. Nodes that share the root go on with each
 * other's files.
 */
export class FolderPartialBlobs implements PartialBlobs {
  readonly #folders: FanOut;

  constructor(folders: FanOut) {
    this.#folders = folders;
  }

  begin(length: number): PartialBlob {
    return beginPartialBlob(length);
  }

  async append(state: PartialBlob, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Appended> {
    const { key, length, offset } = state;
    assertBlobKey(key);
    const writer = new PieceWriter(offset, () => this.#open(state));
    let durable = offset;
    let cause = await readPiece({ chunks, room: length - offset, signal }, (chunk) => writer.take(chunk));
    try {
      // What came is kept, whatever ended it. The first failure is the one to tell.
      await writer.flush().catch((error: unknown) => {
        cause ??= error;
      });
      if (writer.position > offset) {
        await writer.handle?.datasync();
        if (offset === 0) await (await this.#folders.open(folderName)).sync();
        durable = writer.position;
      }
    } catch (error) {
      cause ??= toStorageError(error, `make a piece of blob ${key} durable`);
    } finally {
      await writer.handle?.close().catch(() => undefined);
    }
    const ended = durable === offset ? { state } : { state: { ...state, offset: durable } };
    return cause === undefined ? ended : { ...ended, cause };
  }

  async complete({ key, length, offset }: PartialBlob, signal?: AbortSignal): Promise<CompleteBytes> {
    assertBlobKey(key);
    if (offset !== length) throw new TypeError(`${length - offset} bytes are missing`);
    signal?.throwIfAborted();
    try {
      const folder = await this.#folders.open(folderName);
      const path = join(folder.path, key);
      const made = length === 0 ? constants.O_CREAT : 0;
      await using handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | made, 0o600);
      const { size } = await handle.stat();
      if (size !== length) throw wrongSize(path, size, length);
      if (length === 0) await folder.sync();
      return { kind: "file", path, size };
    } catch (error) {
      throw toStorageError(error, `complete blob ${key}`, { ENOENT: "BLOB_MISSING" });
    }
  }

  async discard({ key }: Pick<PartialBlob, "key">, signal?: AbortSignal): Promise<void> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    try {
      const folder = await this.#folders.find(folderName);
      if (folder !== undefined) await unlink(join(folder, key));
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw toStorageError(error, `discard blob ${key}`);
    }
  }

  async holds({ key, offset }: PartialBlob, signal?: AbortSignal): Promise<boolean> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    if (offset === 0) return true;
    try {
      const folder = await this.#folders.find(folderName);
      const found = folder === undefined ? undefined : await lstat(join(folder, key)).catch(ignoreMissing);
      return found?.isFile() === true && found.size >= offset;
    } catch (error) {
      throw toStorageError(error, `look for the bytes of blob ${key}`);
    }
  }

  async *list(signal?: AbortSignal): AsyncIterable<PartialEntry> {
    try {
      const folder = await this.#folders.find(folderName);
      if (folder === undefined) return;
      for await (const { name } of await opendir(folder)) {
        signal?.throwIfAborted();
        if (!isBlobKey(name)) continue;
        const found = await lstat(join(folder, name)).catch(ignoreMissing);
        if (found?.isFile()) yield { key: name, size: found.size, modifiedAt: found.ctime };
      }
    } catch (error) {
      throw toStorageError(error, "list the unfinished blobs");
    }
  }

  async #open({ key, offset }: PartialBlob): Promise<FileHandle> {
    let handle: FileHandle | undefined;
    try {
      const folder = await this.#folders.open(folderName);
      const path = join(folder.path, key);
      const made = offset === 0 ? constants.O_CREAT : 0;
      handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | made, 0o600);
      const { size } = await handle.stat();
      // A write beyond the end would leave a hole, which reads as zeros.
      if (size < offset) throw wrongSize(path, size, offset);
      return handle;
    } catch (error) {
      await handle?.close();
      if (errnoOf(error) === "ENOENT") this.#folders.forget(folderName);
      throw toStorageError(error, `append to blob ${key}`, offset > 0 ? { ENOENT: "BLOB_MISSING" } : {});
    }
  }
}

function wrongSize(path: string, found: number, expected: number): StorageError {
  return new StorageError("BLOB_MISSING", `${path} holds ${found} bytes instead of ${expected}`);
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
