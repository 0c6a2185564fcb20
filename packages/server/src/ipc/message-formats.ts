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

/** Stands in a message of `jsonFormat` for the raw bytes. */
const mark = "$bytes";

/**
 * Holds plain data and one piece of raw bytes, which is neither written as text nor parsed. It can be read where a
 * stranger may have made the process that sends it.
 */
export const jsonFormat: MessageFormat = {
  pack(message) {
    const found: Uint8Array[] = [];
    const head = Buffer.from(JSON.stringify(withoutBytes(message, found)));
    const [bytes = noBytes, ...others] = found;
    if (others.length > 0) throw new Error("a message carries one piece of bytes at most");
    return { head, bytes };
  },
  unpack({ head, bytes }) {
    const reviver = (_: string, value: unknown): unknown =>
      typeof value === "object" && value !== null && Object.hasOwn(value, mark) ? bytes : value;
    return JSON.parse(Buffer.from(head.buffer, head.byteOffset, head.length).toString("utf8"), reviver);
  },
};

/** The same message with marks in place of bytes. `JSON.stringify` would write a Buffer's bytes as numbers. */
function withoutBytes(value: unknown, found: Uint8Array[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    found.push(value);
    return { [mark]: true };
  }
  if (Array.isArray(value)) return value.map((one) => withoutBytes(one, found));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutBytes(one, found)]));
}
