import { deserialize, serialize } from "node:v8";

/** A message as bytes: the message itself, and the raw bytes that it carries. */
export interface Packed {
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The way in which messages of one direction are written. */
export interface MessageFormat {
  pack(message: object): Packed;
  unpack(packed: Packed): unknown;
}

const noBytes = new Uint8Array();

/** Holds whatever can be cloned. Reading it is native code's work, so it is for what a process that is trusted sends. */
export const cloneFormat: MessageFormat = {
  pack: (message) => ({ head: serialize(message), bytes: noBytes }),
  unpack: ({ head }) => deserialize(head),
};

/** Stands in a message of `jsonFormat` for raw bytes. Its value says where they begin, and how many they are. */
const mark = "$bytes";

/**
 * Holds plain data and pieces of raw bytes, which are neither written as text nor parsed. It can be read where a stranger
 * may have made the process that sends it.
 */
export const jsonFormat: MessageFormat = {
  pack(message) {
    const pieces: Uint8Array[] = [];
    const head = Buffer.from(JSON.stringify(withoutBytes(message, pieces)));
    const [first = noBytes, ...others] = pieces;
    // A picture is large, and is not copied.
    return { head, bytes: others.length === 0 ? first : Buffer.concat(pieces) };
  },
  unpack({ head, bytes }) {
    const reviver = (_: string, value: unknown): unknown =>
      typeof value === "object" && value !== null && Object.hasOwn(value, mark)
        ? pieceOf(bytes, (value as { readonly [mark]: unknown })[mark])
        : value;
    return JSON.parse(Buffer.from(head.buffer, head.byteOffset, head.length).toString("utf8"), reviver);
  },
};

/** The same message with marks in place of bytes. `JSON.stringify` would write a Buffer's bytes as numbers. */
function withoutBytes(value: unknown, pieces: Uint8Array[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    const start = pieces.reduce((sum, { length }) => sum + length, 0);
    pieces.push(value);
    return { [mark]: [start, value.length] };
  }
  if (Array.isArray(value)) return value.map((one) => withoutBytes(one, pieces));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutBytes(one, pieces)]));
}

/** @throws an error for a mark that names no piece of the bytes */
function pieceOf(bytes: Uint8Array, place: unknown): Uint8Array {
  const [start, length]: readonly unknown[] = Array.isArray(place) ? place : [];
  const isThere = isCount(start) && isCount(length) && start + length <= bytes.length;
  if (!isThere) throw new Error("a message names bytes that it doesn't carry");
  return bytes.subarray(start, start + length);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
