import { randomBytes } from "node:crypto";

const endOfImage = Buffer.from([0xff, 0xd9]);
const markerByte = 0xff;

/**
 * A picture's bytes without its end marker. More scan data follows them, until the file has the wanted size.
 */
export function opening(picture: Buffer): Buffer {
  if (!picture.subarray(-endOfImage.length).equals(endOfImage)) throw new Error("the picture is no JPEG");
  return picture.subarray(0, -endOfImage.length);
}

export function ending(): Buffer {
  return Buffer.from(endOfImage);
}

/** Random bytes without the byte that begins a marker. */
export function scanData(length: number): Buffer {
  return randomBytes(length).map((byte) => (byte === markerByte ? 0 : byte)) as Buffer;
}
