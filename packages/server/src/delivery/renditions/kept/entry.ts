import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { ByteRange } from "../../../storage/blob-store.ts";
import { errnoOf, toStorageError } from "../../../storage/storage-error.ts";
import { writeAll } from "../../../storage/write-all.ts";
import type { KeptBytes, KeptFile, KeptRendition, MadeBytes, RenditionFacts } from "./kept-rendition.ts";

/** The magic that ends every entry. It changes with the layout. */
const magic = Buffer.from("sluice-kept/2\n");
const digestBytes = 32;
const maxTypeLength = 255;
const at = { digest: magic.length, size: magic.length + digestBytes } as const;
const [widthAt, typeLengthAt, typeAt] = [at.size + 8, at.size + 12, at.size + 13];

/** The magic that begins the entries of 0.1.0. What models have made is paid for, so these are read as well. */
const firstMagic = Buffer.from("sluice-derived/1");

/** The length of the footer behind the bytes of each entry. */
export const footerBytes = typeAt + maxTypeLength;

/**
 * The largest rendition that is read whole and held against its digest. A larger one is synced before it appears under
 * its key, so its length alone says that it is complete.
 */
export const maxWholeBytes = 8 * 2 ** 20;

interface Footer extends RenditionFacts {
  readonly size: number;
  readonly digest: string;
}

/**
 * Writes the footer of an entry: the magic, a SHA-256 of the bytes and all that follows the hash, the size, the width,
 * the length and text of the content type. It stands behind the bytes, so that a program can write them into a file
 * before anybody knows what they are.
 * @param hash has been given the bytes
 */
function writeFooter(hash: Hash, size: number, { contentType, width }: RenditionFacts): Buffer {
  const footer = Buffer.alloc(footerBytes);
  const type = Buffer.from(contentType, "latin1");
  magic.copy(footer);
  footer.writeBigUInt64BE(BigInt(size), at.size);
  footer.writeUInt32BE(width, widthAt);
  footer.writeUInt8(type.length, typeLengthAt);
  type.copy(footer, typeAt);
  hash.update(footer.subarray(at.size)).digest().copy(footer, at.digest);
  return footer;
}

/**
 * Reads the footer at the end of an entry.
 * @param length the length of the whole entry
 * @returns undefined where that isn't one, or the entry has another length than it should
 */
export function readFooter(footer: Buffer, length: number): Footer | undefined {
  if (footer.length !== footerBytes || !footer.subarray(0, magic.length).equals(magic)) return undefined;
  const size = Number(footer.readBigUInt64BE(at.size));
  if (size !== length - footerBytes) return undefined;
  return {
    size,
    width: footer.readUInt32BE(widthAt),
    contentType: footer.toString("latin1", typeAt, typeAt + footer.readUInt8(typeLengthAt)),
    digest: footer.toString("hex", at.digest, at.size),
  };
}

/** Writes an entry in the form that it has on disk and in the bucket: the bytes and their footer. */
export function writeEntry(made: MadeBytes): { readonly kept: KeptBytes; readonly chunks: readonly Uint8Array[] } {
  const { data, contentType, width } = made;
  const footer = writeFooter(createHash("sha256").update(data), data.length, made);
  const digest = footer.toString("hex", at.digest, at.size);
  return { kept: { data, contentType, width, digest }, chunks: [data, footer] };
}

/**
 * Reads a whole entry. A cache's files are not synced while they are small, so after a crash an entry may have any length
 * and holes of zeros. An entry whose hash differs counts as missing.
 * @returns undefined where the bytes aren't a whole entry
 */
export function readEntry(bytes: Buffer): KeptBytes | undefined {
  if (bytes.subarray(0, firstMagic.length).equals(firstMagic)) return readFirstEntry(bytes);
  const footer = bytes.subarray(-footerBytes);
  const facts = readFooter(footer, bytes.length);
  if (facts === undefined) return undefined;
  const { contentType, width, size, digest } = facts;
  const data = bytes.subarray(0, size);
  const found = createHash("sha256").update(data).update(footer.subarray(at.size)).digest("hex");
  return found === digest ? { data, contentType, width, digest } : undefined;
}

/** Reads an entry of 0.1.0: the magic, a SHA-256 of all that follows, the width, the type's length and text, the bytes. */
function readFirstEntry(bytes: Buffer): KeptBytes | undefined {
  const hashed = bytes.subarray(firstMagic.length + digestBytes);
  const [typeLengthAt, typeAt] = [4, 5];
  if (hashed.length < typeAt) return undefined;
  const digest = createHash("sha256").update(hashed).digest("hex");
  if (digest !== bytes.toString("hex", firstMagic.length, firstMagic.length + digestBytes)) return undefined;
  const dataAt = typeAt + hashed.readUInt8(typeLengthAt);
  const contentType = hashed.toString("latin1", typeAt, dataAt);
  return { data: hashed.subarray(dataAt), contentType, width: hashed.readUInt32BE(0), digest };
}

/**
 * Reads the entry in a file: a small one whole, of a large one the footer.
 * @returns undefined where there is no such file; "damaged" where the file isn't a whole entry
 */
export async function readEntryFile(path: string): Promise<KeptRendition | "damaged" | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    const { size: length } = await file.stat();
    if (length <= maxWholeBytes + footerBytes) return readEntry(await file.readFile()) ?? "damaged";
    const footer = await readAt(file, length - footerBytes, footerBytes);
    const facts = readFooter(footer, length);
    return facts === undefined
      ? "damaged"
      : { ...facts, open: (range, signal) => openBytes(path, facts.size, range, signal) };
  } finally {
    await file.close();
  }
}

/**
 * Makes an entry of a finished file: its footer is written behind its bytes, and all of it is synced.
 * @returns the entry as it will be read at `target`, to which the caller renames the file
 */
export async function sealFile(path: string, facts: RenditionFacts, target: string): Promise<KeptFile> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  const footer = writeFooter(hash, size, facts);
  const file = await open(path, "a");
  try {
    await writeAll(file, [footer]);
    await file.sync();
  } finally {
    await file.close();
  }
  const { contentType, width } = facts;
  const digest = readFooter(footer, size + footerBytes)?.digest ?? "";
  return { contentType, width, digest, size, open: (range, signal) => openBytes(target, size, range, signal) };
}

/** Opens the bytes of an entry without its footer. */
async function openBytes(
  path: string,
  size: number,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  signal.throwIfAborted();
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const file = await open(path, flags).catch((error: unknown) => {
    throw toStorageError(error, "read a kept rendition", { ENOENT: "BLOB_MISSING" });
  });
  try {
    signal.throwIfAborted();
    return file.createReadStream({ start: range?.start ?? 0, end: range?.end ?? size - 1, signal });
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
