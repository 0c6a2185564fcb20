import type { Size } from "../../pixels/geometry.ts";

/** The header that the process which draws a text writes before the pixels: their size, or the image library's error. */
export type TextHeader = Size | { readonly message: string };

/** The limit for the header. Messages are cut. */
export const maxHeaderBytes = 4096;

/** The form of the header: its length in four bytes, and JSON. */
export const textHeader = {
  write(header: TextHeader): Buffer {
    const short = "message" in header ? { message: header.message.slice(0, 500) } : header;
    const json = Buffer.from(JSON.stringify(short));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    return Buffer.concat([length, json]);
  },

  /** @returns the header and what follows it; undefined for bytes that have none. A broken font may have written them */
  read(bytes: Buffer): { readonly header: TextHeader; readonly rest: Buffer } | undefined {
    const end = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt32BE();
    if (end > bytes.length) return undefined;
    const header = headerIn(bytes.toString("utf8", 4, Math.min(end, maxHeaderBytes)));
    return header && { header, rest: bytes.subarray(end) };
  },
};

function headerIn(json: string): TextHeader | undefined {
  try {
    const { message, width, height } = Object(JSON.parse(json));
    if (typeof message === "string") return { message };
    return isSide(width) && isSide(height) ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

function isSide(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
