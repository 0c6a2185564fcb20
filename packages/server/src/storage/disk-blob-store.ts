import { constants } from "node:fs";
import { access, copyFile, type FileHandle, link, lstat, open, opendir, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { assertBlobKey, isBlobKey } from "./blob-key.ts";
import type { BlobEntry, BlobSource, BlobStore, ByteRange, FileSource } from "./blob-store.ts";
import { assertByteRange, chunksOf } from "./blob-store.ts";
import { makeDurableFolder } from "./durable-folder.ts";
import { FanOut } from "./fan-out.ts";
import { FolderPartialBlobs } from "./partial/folder-partial-blobs.ts";
import type { PartialBlobs } from "./partial/partial-blobs.ts";
import { errnoOf, StorageError, toStorageError } from "./storage-error.ts";
import { writeNewFile } from "./write-all.ts";

/** Opens the store at `<root>/<first two characters of the key>/<key>`; makes the root when it isn't there. */
export async function openDiskBlobStore(root: string): Promise<BlobStore> {
  const path = resolve(root);
  try {
    await makeDurableFolder(path);
  } catch (error) {
    throw toStorageError(error, `open the blob store at ${path}`);
  }
  return new DiskBlobStore(path);
}

/** The bytes of a blob that are read at once. An abort ends the reading between two pieces. */
const pieceBytes = 1024 * 1024;

class DiskBlobStore implements BlobStore {
  readonly localFolder: string;
  readonly partial: PartialBlobs;
  readonly #folders: FanOut;

  constructor(root: string) {
    this.localFolder = root;
    this.#folders = new FanOut(root);
    this.partial = new FolderPartialBlobs(this.#folders);
  }

  async put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void> {
    assertBlobKey(key);
    try {
      signal?.throwIfAborted();
      const folder = await this.#folders.open(folderOf(key));
      const target = join(folder.path, key);
      if ("chunks" in source) {
        await writeNewFile(target, chunksOf(source), signal);
      } else {
        await syncSource(source);
        signal?.throwIfAborted();
        await place(source.path, target);
      }
      try {
        await folder.sync();
      } catch (error) {
        await unlinkIfThere(target).catch(() => undefined);
        throw error;
      }
    } catch (error) {
      if (errnoOf(error) === "ENOENT") this.#folders.forget(folderOf(key));
      throw toStorageError(error, `store blob ${key}`, { EEXIST: "BLOB_EXISTS" });
    }
  }

  async size(key: string, signal?: AbortSignal): Promise<number | undefined> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    try {
      const folder = await this.#folders.find(folderOf(key));
      return folder === undefined ? undefined : (await statBlob(join(folder, key)))?.size;
    } catch (error) {
      throw toStorageError(error, `look up blob ${key}`);
    }
  }

  async read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    if (range !== undefined) assertByteRange(range);
    const handle = await this.#open(key, signal);
    try {
      signal?.throwIfAborted();
      return handle.createReadStream({ start: range?.start, end: range?.end, signal });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async readWhole(key: string, size: number, signal: AbortSignal): Promise<Buffer> {
    const handle = await this.#open(key, signal);
    try {
      const { size: found } = await handle.stat();
      if (found !== size) throw new Error(`Blob ${key} has ${found} bytes instead of ${size}`);
      const bytes = Buffer.allocUnsafe(size);
      for (let length = 0; length < size; ) {
        signal.throwIfAborted();
        const { bytesRead } = await handle.read(bytes, length, Math.min(pieceBytes, size - length));
        if (bytesRead === 0) throw new Error(`Blob ${key} lost bytes while it was read`);
        length += bytesRead;
      }
      return bytes;
    } catch (error) {
      throw toStorageError(error, `read blob ${key}`);
    } finally {
      await handle.close();
    }
  }

  localPath(key: string): string {
    assertBlobKey(key);
    return join(this.localFolder, folderOf(key), key);
  }

  async #open(key: string, signal: AbortSignal | undefined): Promise<FileHandle> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    try {
      const folder = await this.#folders.find(folderOf(key));
      if (folder === undefined) throw new StorageError("BLOB_MISSING", `There is no blob ${key}`);
      return await open(join(folder, key), constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      throw toStorageError(error, `read blob ${key}`, { ENOENT: "BLOB_MISSING", ELOOP: "BLOB_MISSING" });
    }
  }

  async delete(key: string, signal?: AbortSignal): Promise<void> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    try {
      const folder = await this.#folders.find(folderOf(key));
      if (folder !== undefined) await unlinkIfThere(join(folder, key));
    } catch (error) {
      throw toStorageError(error, `delete blob ${key}`);
    }
  }

  async *list(signal?: AbortSignal): AsyncIterable<BlobEntry> {
    try {
      for await (const { name: folderName } of await opendir(this.localFolder)) {
        const folder = isFolderName(folderName) ? await this.#folders.find(folderName) : undefined;
        if (folder === undefined) continue;
        for await (const { name } of await opendir(folder)) {
          signal?.throwIfAborted();
          if (!isBlobKey(name) || folderOf(name) !== folderName) continue;
          const blob = await statBlob(join(folder, name));
          if (blob !== undefined) yield { key: name, size: blob.size, modifiedAt: blob.ctime };
        }
      }
      signal?.throwIfAborted();
    } catch (error) {
      throw toStorageError(error, `list the blobs in ${this.localFolder}`);
    }
  }

  async removeUnfinished(): Promise<number> {
    // A put that broke off leaves a blob or nothing.
    return 0;
  }

  async check(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    try {
      // With the trailing dot the path is found only if the root is a folder.
      await access(`${this.localFolder}/.`, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw toStorageError(error, `use the blob store at ${this.localFolder}`);
    }
  }

  async close(): Promise<void> {
    // Nothing is held between calls.
  }
}

function folderOf(key: string): string {
  return key.slice(0, 2);
}

/** The store looks only into folders with such names: nothing else in the root belongs to it (`lost+found`). */
function isFolderName(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}

/** Puts the source's bytes on disk, before the blob's name shows them. */
async function syncSource(source: FileSource): Promise<void> {
  if (source.handle !== undefined) return source.handle.sync();
  const handle = await open(source.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size, mode } = await handle.stat();
    if (size !== source.size) {
      throw new StorageError("STORAGE_FAILED", `${source.path} holds ${size} bytes instead of ${source.size}`);
    }
    if ((mode & 0o777) !== 0o600) await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The errors of a link to another file system (a bind mount of the same one too), on one that has no hard links, or to a
 * file that has too many links already.
 */
export const linkRefused: ReadonlySet<string> = new Set([
  "EXDEV",
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
]);

/**
 * Gives the source's bytes the blob's name. It makes a link, because a rename would silently replace an existing blob.
 * Where there can be no link, it makes a durable copy. Until the copy is whole, it is a blob that nobody knows of.
 */
async function place(path: string, target: string): Promise<void> {
  try {
    return await link(path, target);
  } catch (error) {
    if (!linkRefused.has(errnoOf(error) ?? "")) throw error;
  }
  const copy = await open(target, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await copyFile(path, target);
    await copy.sync();
  } catch (error) {
    await unlinkIfThere(target).catch(() => undefined);
    throw error;
  } finally {
    await copy.close();
  }
}

/** Only a regular file is a blob: the target of a symlink doesn't belong to the store. */
async function statBlob(path: string) {
  try {
    const found = await lstat(path);
    return found.isFile() ? found : undefined;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
