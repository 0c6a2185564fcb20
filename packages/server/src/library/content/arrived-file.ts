import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Config } from "../../config/config.ts";
import { headLength } from "../../media/byte-source.ts";
import { sniffType } from "../../media/inspect/sniff.ts";
import type { Spool } from "../../spool/spool.ts";
import type { ArrivedBlob, SpooledFile, StoredContent } from "../../spool/spool-file.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { CompleteBytes } from "../../storage/partial/partial-blobs.ts";
import { StorageError } from "../../storage/storage-error.ts";

export interface ArrivedFileDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly config: { readonly limits: Pick<Config["limits"], "imageBytes"> };
  readonly spool: Pick<Spool, "create">;
}

/** A blob that arrived in the store without a row, as the steps of an upload read it. */
export interface ArrivedFile {
  readonly file: SpooledFile;
  /** The file's first bytes, enough to tell its type. */
  readonly head: Buffer;
  /** Releases what was made of it on this machine. The blob stays in the store. Never throws; it may be called again. */
  close(): Promise<void>;
}

/** The facts of content that was seen on its way. */
export interface SeenContent {
  readonly sha256: Buffer;
  readonly head: Buffer;
}

/**
 * Opens a blob that arrived in the store. A picture that the image engine opens is fetched into the spool, once for all
 * steps that read the whole of it. Other content is read from where it lies.
 * @param seen without it, the content is read once for its hash
 * @throws StorageError, also when the content isn't what was seen; the signal's reason
 */
export async function openArrivedFile(
  deps: ArrivedFileDeps,
  { key, size, storedAt }: Extract<CompleteBytes, { readonly kind: "stored" }>,
  seen: SeenContent | undefined,
  signal: AbortSignal,
): Promise<ArrivedFile> {
  const { blobs, config } = deps;
  const content: StoredContent = {
    size,
    open: (opened) => blobs.read(key, undefined, opened),
    openRange: (range, opened) => blobs.read(key, range, opened),
  };
  const arrived = { key, storedAt };
  const head = seen?.head ?? (await readHead(content, signal));
  const { kind } = await sniffType(head);
  if (kind === "picture" && size <= config.limits.imageBytes)
    return fetchFile(deps, content, arrived, head, seen, signal);
  const sha256 = seen?.sha256 ?? (await hashOf(content, signal));
  return { file: { ...content, arrived, sha256 }, head, close: async () => undefined };
}

async function readHead(content: StoredContent, signal: AbortSignal): Promise<Buffer> {
  if (content.size === 0) return Buffer.alloc(0);
  return buffer(await content.openRange({ start: 0, end: Math.min(headLength, content.size) - 1 }, signal));
}

async function hashOf(content: StoredContent, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of (await content.open(signal)) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest();
}

async function fetchFile(
  { spool }: ArrivedFileDeps,
  content: StoredContent,
  arrived: ArrivedBlob,
  head: Buffer,
  seen: SeenContent | undefined,
  signal: AbortSignal,
): Promise<ArrivedFile> {
  const copy = spool.create(signal);
  try {
    for await (const chunk of (await content.open(signal)) as AsyncIterable<Buffer>) await copy.write(chunk);
    const file = await copy.finish();
    if (file.size !== content.size || seen?.sha256.equals(file.sha256) === false) {
      throw new StorageError("STORAGE_FAILED", `Blob ${arrived.key} has other content than what arrived`);
    }
    return { file: { ...file, arrived }, head, close: () => copy.discard() };
  } catch (error) {
    await copy.discard();
    throw error;
  }
}
