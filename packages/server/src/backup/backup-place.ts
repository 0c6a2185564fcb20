import { chmod, lstat, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { parseStorageUrl } from "../config/storage-url.ts";
import { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import { errnoOf, toStorageError } from "../storage/storage-error.ts";
import { openStore, placeWithin, type StorePlace } from "../storage/store-place.ts";
import { PlaceHold } from "./place-hold.ts";

/**
 * A folder or a bucket that holds backups of one library. It consists of stores of blobs, so that nothing that a backup
 * says ever becomes a path: whatever it names is a key of a fixed shape.
 */
export interface BackupPlace {
  /** One manifest for each backup. */
  readonly manifests: BlobStore;
  /** Rows of the database. */
  readonly rows: BlobStore;
  /** The contents, which backups share, under the keys that they have in the library. */
  readonly contents: BlobStore;
  /** The files that are on their way into the place. */
  readonly spool: Pick<Spool, "create">;
  /** Takes the hold of the place, which one backup has at a time. @throws StorageError; the signal's reason */
  readonly takeHold: (signal: AbortSignal) => Promise<PlaceHold>;
  close(): Promise<void>;
}

const storeNames = ["manifests", "rows", "contents"] as const;
/** A place that is only read needs no holds, and one of an earlier version has none. */
const holdsName = "holds";
const spoolName = "spool";
const knownNames: ReadonlySet<string> = new Set([...storeNames, holdsName, spoolName, "lost+found"]);

export interface PlaceToOpen {
  /** A folder, or `s3://bucket/prefix?…` as `--storage-url` has it. */
  readonly text: string;
  /** The option that names the place. */
  readonly option: "--to" | "--from";
  /** Whether backups are made there. Otherwise the place must hold some, and nothing is written. */
  readonly writes: boolean;
  /** The spool for a place that is no folder of this machine. */
  readonly spool?: Pick<Spool, "create">;
}

/**
 * Opens a place. One in which backups are made is made when it isn't there.
 * @throws ConfigError, StorageError; the signal's reason
 */
export async function openBackupPlace(place: PlaceToOpen, signal: AbortSignal): Promise<BackupPlace> {
  const at = storePlaceOf(place);
  if ("folder" in at) return openFolder(at.folder, place);
  return openStores(at, place, signal);
}

/** Reads the option, before anything is opened. @throws ConfigError */
export function storePlaceOf({ text, option }: Pick<PlaceToOpen, "text" | "option">): StorePlace {
  return text.startsWith("s3:") ? { bucket: parseStorageUrl(text, option) } : { folder: resolve(text) };
}

async function openFolder(path: string, { option, writes }: PlaceToOpen): Promise<BackupPlace> {
  try {
    if (writes) await makeDurableFolder(path);
    await assertOwnFolder(path, { option, writes });
    if (writes && process.platform !== "win32") await chmod(path, 0o700);
  } catch (error) {
    if (!writes && errnoOf(error) === "ENOENT") throw new ConfigError(`${option}: there is no backup in ${path}`);
    throw toStorageError(error, `use the folder ${path}`);
  }
  const spool = writes ? await Spool.open(join(path, spoolName)) : undefined;
  await spool?.sweep();
  const place = await openStores({ folder: path }, { spool, writes });
  return {
    ...place,
    async close() {
      await place.close();
      await spool?.close();
    },
  };
}

/** @throws ConfigError for a folder that holds anything but backups; links could lead anywhere */
async function assertOwnFolder(
  path: string,
  { option, writes }: Pick<PlaceToOpen, "option" | "writes">,
): Promise<void> {
  const names = await readdir(path);
  for (const name of names) {
    const isOwn = knownNames.has(name) && (await lstat(join(path, name))).isDirectory();
    if (isOwn) continue;
    if (writes) {
      throw new ConfigError(`${option} must name an empty folder, or one of earlier backups: ${path} holds ${name}`);
    }
    if (knownNames.has(name)) throw new ConfigError(`${option}: ${join(path, name)} is no folder`);
  }
  if (!writes && storeNames.some((name) => !names.includes(name))) {
    throw new ConfigError(`${option}: there is no backup in ${path}`);
  }
}

const onlyRead = (): never => {
  throw new Error("Nothing is written to a place that is only read.");
};
const noSpool: Pick<Spool, "create"> = { create: onlyRead };

async function openStores(
  at: StorePlace,
  { spool = noSpool, writes }: { readonly spool?: Pick<Spool, "create"> | undefined; readonly writes: boolean },
  signal?: AbortSignal,
): Promise<BackupPlace> {
  const opened: BlobStore[] = [];
  const close = async (): Promise<void> => {
    for (const store of opened) await store.close();
  };
  try {
    for (const name of [...storeNames, ...(writes ? [holdsName] : [])]) {
      opened.push(await openStore(placeWithin(at, name), signal));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [manifests, rows, contents, holds] = opened as [BlobStore, BlobStore, BlobStore, BlobStore | undefined];
  const takeHold = async (signal: AbortSignal): Promise<PlaceHold> =>
    holds === undefined ? onlyRead() : PlaceHold.take(holds, signal);
  return { manifests, rows, contents, spool, takeHold, close };
}
