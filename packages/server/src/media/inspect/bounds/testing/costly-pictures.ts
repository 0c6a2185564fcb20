import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { insert, pngChunk, pngHeaderEnd, riff, segment, webpChunk } from "../../../image/strip/testing/secrets.ts";

/** A picture of 60 x 40 pixels, apart from what it is given besides. */
const picture = () => sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } });

const exifPrefix = Buffer.from("Exif\0\0", "latin1");

export async function jpegWith(...segments: readonly Buffer[]): Promise<Buffer> {
  return insert(await picture().jpeg().toBuffer(), 2, ...segments);
}

export function exifSegment(exif: Buffer): Buffer {
  return segment(0xe1, Buffer.concat([exifPrefix, exif]));
}

/** The segments of a colour profile, in parts of 60,000 bytes. */
export function profileSegments(profile: Buffer): Buffer[] {
  const partLength = 60_000;
  const count = Math.ceil(profile.length / partLength);
  return Array.from({ length: count }, (_, index) => {
    const head = Buffer.from(`ICC_PROFILE\0${String.fromCharCode(index + 1, count)}`, "latin1");
    return segment(0xe2, Buffer.concat([head, profile.subarray(index * partLength, (index + 1) * partLength)]));
  });
}

export async function pngWith(...chunks: readonly Buffer[]): Promise<Buffer> {
  return insert(await picture().png().toBuffer(), pngHeaderEnd, ...chunks);
}

export function profileChunk(profile: Buffer): Buffer {
  return pngChunk("iCCP", Buffer.concat([Buffer.from("icc\0\0"), deflateSync(profile)]));
}

export function deflatedText(keyword: string, text: Buffer | string): Buffer {
  return pngChunk("zTXt", Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(text)]));
}

/** Such a text is EXIF in hexadecimal digits, as ImageMagick writes it. */
export function rawExifText(exif: Buffer): string {
  return `\nexif\n${String(exif.length).padStart(8)}\n${exif.toString("hex").replace(/(.{72})/g, "$1\n")}\n`;
}

export async function webpWith({
  exif,
  profile,
}: {
  readonly exif?: Buffer;
  readonly profile?: Buffer;
}): Promise<Buffer> {
  const bytes = await picture().webp().toBuffer();
  const header = Buffer.alloc(10);
  header.writeUInt8((exif === undefined ? 0 : 0x08) | (profile === undefined ? 0 : 0x20), 0);
  header.writeUIntLE(59, 4, 3);
  header.writeUIntLE(39, 7, 3);
  return riff(
    bytes.subarray(0, 12),
    webpChunk("VP8X", header),
    ...(profile === undefined ? [] : [webpChunk("ICCP", profile)]),
    bytes.subarray(12),
    ...(exif === undefined ? [] : [webpChunk("EXIF", exif)]),
  );
}

/** A TIFF whose profile is another one. */
export async function tiffWith(profile: Buffer, bigTiff = false): Promise<Buffer> {
  const bytes = await picture().withIccProfile("p3").tiff({ compression: "lzw", bigtiff: bigTiff }).toBuffer();
  const entry = bytes.indexOf(bigTiff ? "\x73\x87\x07\0" : "\x73\x87\x07\0", 0, "latin1");
  if (bigTiff) {
    bytes.writeBigUInt64LE(BigInt(profile.length), entry + 4);
    bytes.writeBigUInt64LE(BigInt(bytes.length), entry + 12);
  } else {
    bytes.writeUInt32LE(profile.length, entry + 4);
    bytes.writeUInt32LE(bytes.length, entry + 8);
  }
  return Buffer.concat([bytes, profile]);
}

/** A grey progressive JPEG of so many scans after the first. They say nothing of any pixel. */
export function scannedJpeg(width: number, height: number, scans: number): Buffer {
  const half = (value: number): number[] => [value >> 8, value & 255];
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const codes = (kind: number, value: number) =>
    segment(0xc4, Buffer.from([kind, 1, ...Array<number>(15).fill(0), value]));
  // One code says that the next 32,767 blocks have nothing new: a zero, and fourteen ones.
  const nothing = "0".padEnd(15, "1").repeat(Math.ceil(blocks / 32_767));
  const bits = nothing.padEnd(8 * Math.ceil(nothing.length / 8), "1").match(/.{8}/g) ?? [];
  const coded = bits.map((byte) => Number.parseInt(byte, 2)).flatMap((byte) => (byte === 255 ? [255, 0] : [byte]));
  const scan = Buffer.concat([segment(0xda, Buffer.of(1, 1, 0, 1, 63, 0)), Buffer.from(coded)]);
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(1)])),
    segment(0xc2, Buffer.from([8, ...half(height), ...half(width), 1, 1, 0x11, 0])),
    codes(0x00, 0),
    codes(0x10, 0xe0),
    segment(0xda, Buffer.of(1, 1, 0, 0, 0, 0)),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...Array<Buffer>(scans).fill(scan),
    Buffer.of(0xff, 0xd9),
  ]);
}
