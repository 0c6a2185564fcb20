import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { expect } from "vitest";

/** A text that is written into every place of a file that isn't its picture. None of it may be left. */
export const secret = "4815162342";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
export const insert = (bytes: Buffer, offset: number, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, offset), ...parts, bytes.subarray(offset)]);

/** A picture with a profile, and with secrets in its EXIF, GPS included, and its XMP. */
export function secretive(image: Sharp, orientation = 1): Sharp {
  return image
    .withMetadata({ orientation })
    .withIccProfile("p3")
    .withExif({
      IFD0: { Artist: secret },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 15/1 16/1", GPSAreaInformation: secret },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${secret}</a></x:xmpmeta>`);
}

export function segment(marker: number, content: Buffer | string): Buffer {
  const bytes = typeof content === "string" ? latin1(content) : content;
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(2 + bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

/** A JPEG with everything that cameras, phones and programs put into the file and behind it. */
export async function secretiveJpeg(picture: Buffer): Promise<Buffer> {
  const thumbnail = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#fff" } })
    .jpeg()
    .toBuffer();
  return Buffer.concat([
    insert(
      picture,
      2,
      segment(0xe0, Buffer.concat([latin1("JFIF\0\x01\x02\x01\0\x48\0\x48\x02\x01"), latin1(secret.slice(0, 6))])),
      segment(0xe0, Buffer.concat([latin1("JFXX\0\x10"), latin1(secret), thumbnail])),
      segment(0xe1, `http://ns.adobe.com/xmp/extension/\0${secret}`),
      segment(0xe2, `MPF\0MM\0*${secret}`),
      segment(0xe2, `FPXR\0${secret}`),
      segment(0xeb, `JP${secret}`),
      segment(0xed, `Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c${secret}..`),
      segment(0xef, secret),
      segment(0xfe, secret),
    ),
    // A second picture and a film follow.
    picture,
    latin1(`\0\0\0\x18ftypmp42${secret}`),
  ]);
}

export function pngChunk(type: string, content: Buffer | string): Buffer {
  const body = Buffer.concat([latin1(type), typeof content === "string" ? latin1(content) : content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(body.length - 4, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}

export const pngHeaderEnd = 8 + 25;

export function secretivePng(picture: Buffer): Buffer {
  return Buffer.concat([
    insert(
      picture,
      pngHeaderEnd,
      pngChunk("tEXt", `Comment\0${secret}`),
      pngChunk("zTXt", Buffer.concat([latin1("Comment\0\0"), deflateSync(secret, { level: 0 })])),
      pngChunk("iTXt", `Comment\0\0\0\0\0${secret}`),
      pngChunk("tIME", "\x07\xea\x01\x01\x01\x01\x01"),
      pngChunk("caBX", secret),
      pngChunk("prVt", secret),
    ),
    latin1(secret),
  ]);
}

export function webpChunk(type: string, content: Buffer | string): Buffer {
  const bytes = typeof content === "string" ? latin1(content) : content;
  const head = latin1(`${type}\0\0\0\0`);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}

/** Joins the parts and sets the length in the RIFF header. */
export function riff(...parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

export function secretiveWebp(picture: Buffer): Buffer {
  return Buffer.concat([riff(picture, webpChunk("priv", secret), webpChunk("XMP ", secret)), latin1(secret)]);
}

export function secretiveGif(picture: Buffer): Buffer {
  const start = 13 + (((picture[10] ?? 0) & 0x80) === 0 ? 0 : 3 * 2 ** (((picture[10] ?? 0) & 7) + 1));
  const block = (text: string) => Buffer.concat([Buffer.of(text.length), latin1(text)]);
  return Buffer.concat([
    insert(
      picture,
      start,
      latin1("!\xfe"),
      block(secret),
      latin1("\0"),
      latin1("!\xff\x0bXMP DataXMP"),
      block(secret),
      latin1("\0"),
    ),
    latin1(secret),
  ]);
}

/** Whatever a file is stripped of, its pixels stay the same. */
export async function expectSamePixels(stripped: Uint8Array, source: Uint8Array): Promise<void> {
  const [before, after] = await Promise.all(
    [source, stripped].map((bytes) => sharp(bytes, { animated: true }).raw().toBuffer()),
  );
  expect(after?.equals(before as Buffer)).toBe(true);
}
