import type { Size } from "../../pixels/geometry.ts";

/** The header that the process which draws a text writes before the pixels: their size, or the image library's error. */
export type TextHeader = Size | { readonly message: string };

/** The form of the header: its length in four bytes, and JSON. */
export const textHeader = {
  write(header: TextHeader): Buffer {
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    return Buffer.concat([length, json]);
  },

  /** @returns the header and what follows it; undefined for bytes that end before the header does */
  read(bytes: Buffer): { readonly header: TextHeader; readonly rest: Buffer } | undefined {
    const end = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt32BE();
    if (end > bytes.length) return undefined;
    return { header: JSON.parse(bytes.toString("utf8", 4, end)), rest: bytes.subarray(end) };
  },
};
