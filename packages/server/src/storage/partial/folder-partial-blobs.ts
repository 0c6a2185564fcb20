import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { assertBlobKey, isBlobKey } from "../blob-key.ts";
import type { FanOut } from "../fan-out.ts";
import { errnoOf, StorageError, toStorageError } from "../storage-error.ts";
import {
  type Appended,
  assertAllThere,
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
  readonly maxLength = Number.POSITIVE_INFINITY;
  readonly #folders: FanOut;

  constructor(folders: FanOut) {
    this.#folders = folders;
  }

  begin(length: number): PartialBlob {
    return beginPartialBlob(length, this.maxLength);
  }

  async append(state: PartialBlob, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Appended> {
    const { key, length, offset } = state;
    assertBlobKey(key);
    const writer = new PieceWriter(offset, () => this.#open(state));
    let durable = offset;
    let place: BlobFolder | undefined;
    let cause = await readPiece({ chunks, room: length - offset, signal }, (chunk) => writer.take(chunk));
    try {
      // What came is kept, whatever ended it. The first failure is the one to tell.
      await writer.flush().catch((error: unknown) => {
        cause ??= error;
      });
      if (writer.position > offset) {
        await writer.handle?.datasync();
        if (offset === 0) place = await this.#keepName();
        durable = writer.position;
      }
    } catch (error) {
      cause ??= toStorageError(error, `make a piece of blob ${key} durable`);
    } finally {
      await writer.handle?.close().catch(() => undefined);
    }
    const ended =
      durable === offset ? { state } : { state: { ...state, offset: durable, ...(place && { store: place }) } };
    return cause === undefined ? ended : { ...ended, cause };
  }

  async giveBack(state: PartialBlob, _appended: PartialBlob, signal: AbortSignal): Promise<void> {
    const { key, offset } = state;
    if (offset === 0) return this.discard(state, signal);
    assertBlobKey(key);
    signal.throwIfAborted();
    try {
      const { handle } = await this.#openFile(state, constants.O_WRONLY);
      await using _ = handle;
      // Truncation would make a file longer that has lost bytes.
      if ((await handle.stat()).size > offset) await handle.truncate(offset);
    } catch (error) {
      throw toStorageError(error, `give back bytes of blob ${key}`);
    }
  }

  async complete(state: PartialBlob, signal?: AbortSignal): Promise<CompleteBytes> {
    const { key, length } = state;
    assertBlobKey(key);
    assertAllThere(state);
    signal?.throwIfAborted();
    try {
      const { path, handle } = await this.#openFile(state, constants.O_RDWR);
      await using _ = handle;
      const { size } = await handle.stat();
      if (size !== length) throw wrongSize(path, size, length);
      if (length === 0) await this.#keepName();
      return { kind: "file", path, size };
    } catch (error) {
      throw toStorageError(error, `complete blob ${key}`);
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
      for await (const entry of await opendir(folder)) {
        signal?.throwIfAborted();
        if (entry.isFile() && isBlobKey(entry.name)) yield { key: entry.name };
      }
    } catch (error) {
      throw toStorageError(error, "list the unfinished blobs");
    }
  }

  async #open(state: PartialBlob): Promise<FileHandle> {
    const { key, offset } = state;
    let handle: FileHandle | undefined;
    try {
      const opened = await this.#openFile(state, constants.O_WRONLY);
      const { path } = opened;
      handle = opened.handle;
      const { size } = await handle.stat();
      // A write beyond the end would leave a hole, which reads as zeros.
      if (size < offset) throw wrongSize(path, size, offset);
      return handle;
    } catch (error) {
      await handle?.close();
      throw toStorageError(error, `append to blob ${key}`);
    }
  }

  /** Opens the growing file. Only that of a blob without bytes is made, and its folder. */
  async #openFile(state: PartialBlob, access: number): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    const { key, offset } = state;
    try {
      const folder = offset === 0 ? (await this.#folders.open(folderName)).path : await this.#folders.find(folderName);
      if (folder === undefined) throw new StorageError("STORAGE_FAILED", "There is no folder of unfinished blobs");
      const path = join(folder, key);
      const made = offset === 0 ? constants.O_CREAT : 0;
      return { path, handle: await open(path, access | constants.O_NOFOLLOW | made, 0o600) };
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      this.#folders.forget(folderName);
      if (offset > 0 && (await this.#isSameFolder(state))) {
        throw new StorageError("BLOB_MISSING", `There are no bytes of blob ${key}`, { cause: error });
      }
      throw error;
    }
  }

  /** Makes the names in the folder survive a power loss. @returns the folder, as the states of its blobs name it */
  async #keepName(): Promise<BlobFolder> {
    const folder = await this.#folders.open(folderName);
    await folder.sync();
    return { folder: await idOf(folder.path) };
  }

  /**
   * Whether the folder is the one that the blob's bytes went to. While a disk is not mounted, the folder isn't there, or
   * another one is: a new blob has made it in the disk's place.
   */
  async #isSameFolder({ store }: PartialBlob): Promise<boolean> {
    const folder = await this.#folders.find(folderName);
    if (folder === undefined) return false;
    const place = store as BlobFolder | undefined;
    return place === undefined || place.folder === (await idOf(folder));
  }
}

/** The store's notes about a blob with bytes: the folder that its file is in. */
type BlobFolder = { readonly folder: string };

/** Returns what tells a folder from others at the same path. A device's number would change when it is mounted anew. */
async function idOf(folder: string): Promise<string> {
  return String((await stat(folder, { bigint: true })).ino);
}

function wrongSize(path: string, found: number, expected: number): StorageError {
  return new StorageError("BLOB_MISSING", `${path} holds ${found} bytes instead of ${expected}`);
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
