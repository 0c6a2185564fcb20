import { constants } from "node:buffer";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ConfigError } from "../config/config-error.ts";
import { parseRow } from "../database/dump/row-text.ts";
import type { Value } from "../database/dump/snapshot.ts";
import { isBlobKey } from "../storage/blob-key.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { Content } from "./content-list.ts";
import { type Manifest, partsOf, type RowPart, sha256Of } from "./manifest.ts";
import type { Transform } from "./seal.ts";
import { contentOf } from "./write-rows.ts";

const decompress = promisify(gunzip);

/** A part has no more bytes than these. A single row may be longer than parts usually are. */
const maxPartBytes = 256 * 1024 * 1024;
/** No longer text can be made of them. */
const maxLinesBytes = constants.MAX_STRING_LENGTH;

/** Rows that are missing, or aren't those that were written. */
export class DamagedRowsError extends StorageError {
  constructor({ table, key }: RowPart, what: string) {
    super("STORAGE_FAILED", `The backup is damaged: rows/${key}, of ${table}, ${what}`);
  }
}

/** The store of rows, with what opens those that are encrypted. */
export interface RowStore {
  readonly store: Pick<BlobStore, "read" | "size">;
  readonly unseal?: Transform | undefined;
}

/**
 * Reads the bytes of a part. They are those that were written.
 * @throws DamagedRowsError for a part that is missing or damaged; StorageError
 */
export async function readBytes(store: RowStore["store"], part: RowPart, signal: AbortSignal): Promise<Uint8Array> {
  const size = await store.size(part.key, signal);
  if (size === undefined) throw new DamagedRowsError(part, "is missing");
  if (size !== part.size || size > maxPartBytes)
    throw new DamagedRowsError(part, `has ${size} bytes instead of ${part.size}`);
  const bytes = await buffer(await store.read(part.key, undefined, signal));
  if (sha256Of(bytes) !== part.sha256) throw new DamagedRowsError(part, "has other bytes than it was written with");
  return bytes;
}

/**
 * Reads the rows of a part, once its hash is known to be right.
 * @throws DamagedRowsError for a part that is missing, damaged, or holds anything but rows; ConfigError for one that is
 *   encrypted to somebody else; StorageError
 */
export async function readPart({ store, unseal }: RowStore, part: RowPart, signal: AbortSignal): Promise<Value[][]> {
  const bytes = await readBytes(store, part, signal);
  const text = await decompress(await opened(bytes, part, unseal), { maxOutputLength: maxLinesBytes }).catch(() => {
    throw new DamagedRowsError(part, "can't be decompressed");
  });
  if (countLines(text) !== part.rows || text.at(-1) !== lineEnd) {
    throw new DamagedRowsError(part, "has another number of rows");
  }
  return text
    .toString("utf8", 0, text.length - 1)
    .split("\n")
    .map((line) => {
      const row = parseRow(line, part.columns.length);
      if (row === undefined) throw new DamagedRowsError(part, "holds what is no row");
      return row;
    });
}

const lineEnd = 0x0a;

/** Counts without making texts: a small part may hold more line ends than there is memory for lines. */
function countLines(text: Uint8Array): number {
  let count = 0;
  for (let at = text.indexOf(lineEnd); at !== -1; at = text.indexOf(lineEnd, at + 1)) count += 1;
  return count;
}

async function opened(bytes: Uint8Array, { sealed }: RowPart, unseal: Transform | undefined): Promise<Uint8Array> {
  if (sealed !== true) return bytes;
  if (unseal === undefined) throw new ConfigError("the backup is encrypted: --identity must name a file that opens it");
  return unseal(bytes);
}

/** The contents of a backup, in no particular order. */
export async function* readContents(
  store: Pick<BlobStore, "read" | "size">,
  manifest: Manifest,
  signal: AbortSignal,
): AsyncGenerator<Content> {
  for (const part of partsOf(manifest, "blobs")) {
    for (const row of await readPart({ store }, part, signal)) {
      const content = contentOf(part.columns, row);
      const { key, size, sha256 } = content;
      const isContent = isBlobKey(key) && Number.isSafeInteger(size) && size >= 0 && sha256?.length === 32;
      if (!isContent) throw new DamagedRowsError(part, "names what is no content");
      yield content;
    }
  }
}
