import { createHash } from "node:crypto";
import type { KeptRendition, MadeRendition } from "./kept-rendition.ts";

/** The magic that begins every entry. It changes with the layout. */
const magic = Buffer.from("sluice-derived/1");
const digestBytes = 32;
const digested = magic.length + digestBytes;
const facts = { width: digested, typeLength: digested + 4, type: digested + 5 } as const;

/**
 * Writes a derived file in the form that it has on disk and in the bucket: the magic, a SHA-256 of everything that
 * follows the hash, the width, the length and text of the content type, the bytes. A cache's files are not synced, so
 * after a crash an entry may have any length and holes of zeros. An entry whose hash differs is treated as missing.
 */
export function writeEntry(made: MadeRendition): {
  readonly derived: KeptRendition;
  readonly chunks: readonly [Buffer, Uint8Array];
} {
  const type = Buffer.from(made.contentType, "latin1");
  const head = Buffer.alloc(facts.type + type.length);
  magic.copy(head);
  head.writeUInt32BE(made.width, facts.width);
  head.writeUInt8(type.length, facts.typeLength);
  type.copy(head, facts.type);
  const digest = digestOf(head, made.data);
  digest.copy(head, magic.length);
  const { data, contentType, width } = made;
  return { derived: { data, contentType, width, digest: digest.toString("hex") }, chunks: [head, data] };
}

/** @returns undefined where the bytes aren't a whole entry */
export function readEntry(bytes: Buffer): KeptRendition | undefined {
  if (bytes.length <= facts.type || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const start = facts.type + bytes.readUInt8(facts.typeLength);
  const data = bytes.subarray(start);
  const digest = digestOf(bytes.subarray(0, start), data);
  if (!digest.equals(bytes.subarray(magic.length, digested))) return undefined;
  const contentType = bytes.toString("latin1", facts.type, start);
  return { data, contentType, width: bytes.readUInt32BE(facts.width), digest: digest.toString("hex") };
}

function digestOf(head: Buffer, data: Uint8Array): Buffer {
  return createHash("sha256").update(head.subarray(digested)).update(data).digest();
}
