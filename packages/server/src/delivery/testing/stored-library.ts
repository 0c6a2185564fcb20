import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashPrivateKey } from "../../accounts/key-pair.ts";
import type { Connection } from "../../database/database.ts";
import { insertAccount } from "../../database/repositories/accounts.ts";
import { type BlobRow, findBlobByContent, insertBlob } from "../../database/repositories/blobs.ts";
import { claimFileName, insertVersion, setCurrentVersion } from "../../database/repositories/files.ts";
import { ensureFolder, insertRootFolder } from "../../database/repositories/folders.ts";
import { insertKeyPair } from "../../database/repositories/key-pairs.ts";
import { openForReading, openForWriting } from "../../database/sqlite/open.ts";
import { sqliteConnection } from "../../database/sqlite/sqlite-connection.ts";
import { migrateSqlite } from "../../database/sqlite/sqlite-database.ts";
import { defaultColumns } from "../../library/details/stored-columns.ts";
import { mediaColumns } from "../../library/files/media-columns.ts";
import { kindOf } from "../../media/inspect/media-kind.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { openDiskBlobStore } from "../../storage/disk-blob-store.ts";
import { newId } from "../../text/id.ts";

export interface VersionToStore {
  /** `/folder/name`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mime?: string;
  /** In pixels, as an upload would have found them. */
  readonly width?: number;
  readonly height?: number;
  /** In seconds, as an upload would have found it. */
  readonly duration?: number;
  readonly audioCodec?: string;
  /** The number of frames or pages, as an upload would have counted them. */
  readonly pages?: number;
  readonly isPrivate?: boolean;
  readonly isDraft?: boolean;
  readonly objectVersion?: string;
  /** The time in Unix milliseconds. */
  readonly at?: number;
}

export interface StoredVersion {
  readonly fileId: string;
  readonly versionId: string;
  readonly storageKey: string;
}

export interface StoredLibrary {
  readonly reader: Connection;
  readonly writer: Connection;
  readonly blobs: BlobStore;
  addAccount(imagekitId: string, status?: "active" | "disabled"): Promise<string>;
  addKey(accountId: string, privateKey: string, expiresAt?: number): Promise<void>;
  /** Stores a file, or a further version of a file, which becomes the current version. */
  store(accountId: string, version: VersionToStore): Promise<StoredVersion>;
  close(): Promise<void>;
}

/**
 * Opens a SQLite database and a blob store in their own temporary folder. Unless told otherwise, the store is on disk.
 * Tests fill both directly, without the upload.
 */
export async function openStoredLibrary(openBlobs = openDiskBlobStore): Promise<StoredLibrary> {
  const root = await mkdtemp(join(tmpdir(), "sluice-delivery-"));
  const path = join(root, "sluice.sqlite");
  await migrateSqlite(path);
  const writer: Connection = sqliteConnection(openForWriting(path));
  const reader: Connection = sqliteConnection(openForReading(path));
  const blobs = await openBlobs(join(root, "blobs"));

  async function putBlob(accountId: string, bytes: Uint8Array, sha256: Uint8Array): Promise<BlobRow> {
    const source = { path: join(root, newId()), size: bytes.length };
    await writeFile(source.path, bytes);
    const key = newBlobKey();
    await blobs.put(key, source);
    const times = { created_at: 0, touched_at: 0 };
    const row = { id: newId(), account_id: accountId, storage_key: key, sha256, size: source.size, ...times };
    await insertBlob(writer, row);
    return row;
  }

  return {
    reader,
    writer,
    blobs,
    async addAccount(imagekitId, status = "active") {
      const id = newId();
      await insertAccount(writer, { id, imagekit_id: imagekitId, status, created_at: 0 });
      await insertRootFolder(writer, id, 0);
      return id;
    },
    async addKey(accountId, privateKey, expiresAt) {
      await insertKeyPair(writer, {
        id: newId(),
        account_id: accountId,
        public_key: privateKey.replace("private", "public"),
        private_key: privateKey,
        private_key_hash: hashPrivateKey(privateKey),
        origin: "generated",
        created_at: 0,
        expires_at: expiresAt ?? null,
      });
    },
    async store(accountId, version) {
      const sha256 = createHash("sha256").update(version.bytes).digest();
      const existing = await findBlobByContent(writer, accountId, sha256);
      const blob = existing ?? (await putBlob(accountId, version.bytes, sha256));
      return { storageKey: blob.storage_key, ...(await insertRows(writer, accountId, version, blob.id)) };
    },
    async close() {
      await blobs.close();
      await reader.destroy();
      await writer.destroy();
      await rm(root, { recursive: true });
    },
  };
}

async function insertRows(writer: Connection, accountId: string, version: VersionToStore, blobId: string) {
  const { path, bytes, mime = "text/plain", isPrivate = false, isDraft = false, at = 0 } = version;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folderId = await ensureFolder(writer, accountId, path.slice(0, -name.length - 1) || "/", at);
  const versionId = newId();
  const owned = { account_id: accountId, created_at: at, updated_at: at };
  const first = { current_version_id: versionId, last_version_number: 1 };
  const file = await claimFileName(writer, { ...owned, ...first, id: versionId, folder_id: folderId, name });
  const fileId = file?.id ?? versionId;
  const number = (file?.last_version_number ?? 0) + 1;
  if (file !== undefined) await setCurrentVersion(writer, fileId, { versionId, lastNumber: number, now: at });
  await insertVersion(writer, {
    ...owned,
    id: versionId,
    file_id: fileId,
    number,
    blob_id: blobId,
    size: bytes.length,
    ...mediaColumns({ mime, kind: kindOf(mime) }),
    width: version.width ?? null,
    height: version.height ?? null,
    pages: version.pages ?? null,
    duration: version.duration ?? null,
    audio_codec: version.audioCodec ?? null,
    ...defaultColumns,
    ai_tags: null,
    custom_metadata: null,
    is_private_file: isPrivate ? 1 : 0,
    is_published: isDraft ? 0 : 1,
    object_version: version.objectVersion ?? newId(),
  });
  return { fileId, versionId };
}
