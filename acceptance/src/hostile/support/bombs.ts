import { crc32, deflateSync } from "node:zlib";

/** Small pictures that claim to need enormous memory or work. */

interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** The compressed pixels. */
  readonly data: Uint8Array;
  readonly bitDepth?: number;
  readonly colourType?: number;
  readonly interlaced?: boolean;
  /** Chunks between the header and the pixels. */
  readonly chunks?: readonly Uint8Array[];
}

export function png({ width, height, data, ...options }: PngOptions): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([options.bitDepth ?? 8, options.colourType ?? 6, 0, 0, options.interlaced ? 1 : 0], 8);
  const chunks = [pngChunk("IHDR", header), ...(options.chunks ?? []), pngChunk("IDAT", data), pngChunk("IEND")];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

export function pngChunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

/** Compresses this many zeros, with at most one uncompressed copy in memory. */
export function zeros(bytes: number): Buffer {
  return deflateSync(Buffer.alloc(bytes), { level: 9 });
}

const gifFrame = Buffer.from("!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0", "latin1");

export function gif(width: number, height: number, frames: number, frame: Uint8Array = gifFrame): Buffer {
  const screen = Buffer.from("GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff", "latin1");
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  return Buffer.concat([screen, ...Array.from({ length: frames }, () => frame), Buffer.from(";")]);
}

/** Rewrites the width and height in a JPEG's frame header. */
export function jpegOf(picture: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(picture);
  const frame = Math.max(bytes.indexOf(Buffer.from([0xff, 0xc0])), bytes.indexOf(Buffer.from([0xff, 0xc2])));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

/** Puts this many empty segments before all others of a JPEG. */
export function jpegOfSegments(picture: Buffer, count: number): Buffer {
  const segment = Buffer.of(0xff, 0xe1, 0, 2);
  return Buffer.concat([picture.subarray(0, 2), Buffer.alloc(count * segment.length, segment), picture.subarray(2)]);
}

/** Rewrites the width and height in an AVIF's `ispe` property. */
export function avifOf(picture: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(picture);
  const property = bytes.indexOf("ispe", "latin1");
  bytes.writeUInt32BE(width, property + 8);
  bytes.writeUInt32BE(height, property + 12);
  return bytes;
}

/** An extended WebP that declares a canvas and animates empty frames. */
export function webp(side: number, frames: number): Buffer {
  const canvas = Buffer.alloc(10);
  canvas.writeUInt8(0x02);
  canvas.writeUIntLE(side - 1, 4, 3);
  canvas.writeUIntLE(side - 1, 7, 3);
  const frame = riffChunk("ANMF", Buffer.alloc(16));
  const chunks = [riffChunk("VP8X", canvas), riffChunk("ANIM", Buffer.alloc(6)), ...Array(frames).fill(frame)];
  return riffChunk("RIFF", Buffer.concat([Buffer.from("WEBP"), ...chunks]));
}

function riffChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, "latin1");
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

/** A TIFF with one directory, which holds these entries and names itself as the next directory. */
export function tiff(entries: readonly (readonly [tag: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(8, bytes.length - 4);
  return bytes;
}
