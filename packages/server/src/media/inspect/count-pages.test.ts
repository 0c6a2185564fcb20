import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type ByteSource, bufferSource } from "../byte-source.ts";
import { animation, green, plain, red } from "../testing/pictures.ts";
import { tiffOf } from "../testing/stored-pictures.ts";
import { countPages, maxPages, uncountablePages } from "./count-pages.ts";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const count = (bytes: Buffer, mime: string) => countPages(bufferSource(bytes), mime);

/** Joins the parts and sets the length in the RIFF header. */
function riff(...parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

const twoFrames = await animation([red, green], 4, 4).webp().toBuffer();
const firstFrame = twoFrames.indexOf("ANMF");
const webpStart = twoFrames.subarray(0, firstFrame);
const webpFrame = twoFrames.subarray(firstFrame, firstFrame + 8 + twoFrames.readUInt32LE(firstFrame + 4));
/** A frame with other frames behind its picture. By its length, all of them are its content. */
function nested(frames: number): Buffer {
  const outer = Buffer.concat([webpFrame, ...Array<Buffer>(frames - 1).fill(webpFrame)]);
  outer.writeUInt32LE(outer.length - 8, 4);
  return riff(webpStart, outer);
}

const screen = latin1("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff");
const gifFrame = latin1(",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
const trailer = latin1(";");

describe("frames and pages are counted", () => {
  const colours = [red, green, red];
  test.each<[string, string, number | undefined, () => Promise<Buffer> | Buffer]>([
    ["an animated GIF", "image/gif", 3, () => animation(colours, 20, 20).gif().toBuffer()],
    ["an animated WebP", "image/webp", 3, () => animation(colours, 20, 20).webp().toBuffer()],
    ["a still GIF", "image/gif", 1, () => animation([red], 20, 20).gif().toBuffer()],
    ["a still WebP", "image/webp", 1, () => animation([red], 20, 20).webp().toBuffer()],
    ["a still WebP that is extended", "image/webp", 1, () => plain(20, 20, "#c338").webp().toBuffer()],
    ["a TIFF", "image/tiff", 3, () => tiffOf(colours.map((colour) => ({ width: 2, height: 2, colour })))],
    ["a JPEG", "image/jpeg", undefined, () => animation([red], 20, 20).jpeg().toBuffer()],
    ["an AVIF", "image/avif", undefined, () => animation([red], 20, 20).avif().toBuffer()],
    ["a WebP with frames in a frame", "image/webp", 7, () => nested(7)],
    [
      // According to the standard, an empty sub-block ends the extension, and one more long extension follows.
      "a GIF with an extension that begins with an empty sub-block",
      "image/gif",
      3,
      () => Buffer.concat([screen, gifFrame, latin1("!\x42\0\x02!\xff\0"), gifFrame, gifFrame, trailer]),
    ],
  ])("%s", async (_, mime, pages, make) => {
    const bytes = await make();
    expect(await count(bytes, mime)).toBe(pages);
    // The library isn't asked about a format whose frames it doesn't read one by one.
    if (pages !== undefined) expect((await sharp(bytes).metadata()).pages ?? 1).toBe(pages);
  });

  test("no further than anybody wants to know", async () => {
    const many = 20_000;
    const gif = Buffer.concat([screen, Buffer.alloc(many * gifFrame.length, gifFrame), trailer]);
    expect(await count(gif, "image/gif")).toBe(maxPages + 1);
    expect(await count(riff(webpStart, Buffer.alloc(many * webpFrame.length, webpFrame)), "image/webp")).toBe(
      maxPages + 1,
    );
    const circle = Buffer.alloc(64);
    circle.write("II*\0\x08\0\0\0", "latin1");
    circle.writeUInt32LE(8, 10);
    expect(await count(circle, "image/tiff")).toBe(maxPages + 1);
  });

  test("a directory of hundreds of entries is a page, one of thousands is hostile, and one of more ends the file", async () => {
    const withEntries = (entries: number) => {
      const bytes = Buffer.alloc(8 + 2 + entries * 12 + 4);
      bytes.write("II*\0\x08\0\0\0", "latin1");
      bytes.writeUInt16LE(entries, 8);
      return bytes;
    };
    expect(await count(withEntries(900), "image/tiff")).toBe(1);
    expect(await count(withEntries(4000), "image/tiff")).toBe(uncountablePages);
    expect(await count(withEntries(5000), "image/tiff")).toBe(1);
  });

  test("of bytes that end anywhere, there is a number", async () => {
    const files = await Promise.all([
      animation(colours, 20, 20).gif().toBuffer(),
      animation(colours, 20, 20).webp().toBuffer(),
      tiffOf(colours.map((colour) => ({ width: 2, height: 2, colour }))),
    ]);
    for (const [index, mime] of ["image/gif", "image/webp", "image/tiff"].entries()) {
      for (let length = 0; length < 60; length += 1) {
        const pages = await count((files[index] as Buffer).subarray(0, length), mime);
        expect(pages).toBeGreaterThanOrEqual(0);
        expect(pages).toBeLessThanOrEqual(3);
      }
    }
  });
});

describe("parts without end", () => {
  const size = 4 * 1024 * 1024;
  const repeated = (part: Buffer): Buffer => Buffer.alloc(size - (size % part.length), part);
  const freeBox = latin1("\0\0\0\x08free");
  test.each<[string, string, () => Buffer]>([
    ["chunks of a WebP", "image/webp", () => riff(webpStart, repeated(latin1("abcd\0\0\0\0")))],
    ["comments of a GIF", "image/gif", () => Buffer.concat([screen, repeated(latin1("!\xfe\0"))])],
    [
      "sub-blocks of a GIF",
      "image/gif",
      () => Buffer.concat([screen, gifFrame.subarray(0, 11), repeated(latin1("\x01\x44"))]),
    ],
    ["boxes of an AVIF", "image/avif", () => Buffer.concat([latin1("\0\0\0\x10ftypavif\0\0\0\0"), repeated(freeBox)])],
  ])("%s are not looked at, and are more than enough", async (_, mime, make) => {
    const bytes = make();
    let ranges = 0;
    const source: ByteSource = {
      ...bufferSource(bytes),
      atHand(offset, length) {
        ranges += 1;
        return bytes.subarray(offset, offset + length);
      },
    };
    expect(await countPages(source, mime)).toBe(uncountablePages);
    expect(ranges).toBeLessThan(size / 8 / 4);
  });
});

test("never fewer are counted than the library finds, whatever the parts", async () => {
  const gifParts = ["!\xf9\x04\0\x01\0\0\0", "!\xfe\x03abc\0", "!\xfe\0", "!\x42\0", "!\x42\0\x02ab\0", "\0", "!", ","]
    .map(latin1)
    .concat([gifFrame, gifFrame, latin1(",\0\0\0\0\x01\0\x01\0\x80\0\0\0\xff\xff\xff\x02\x02\x44\x01\0")]);
  const webpParts = ["abcd\0\0\0\0", "abcd\x03\0\0\0xyz\0", "EXIF\x02\0\0\0ab", "ANMF\x10\0\0\0"]
    .map(latin1)
    .concat([webpFrame, webpFrame, webpFrame.subarray(0, 24), webpFrame.subarray(24)]);
  const gif = fc.array(fc.constantFrom(...gifParts), { maxLength: 12 }).map((parts) => ({
    mime: "image/gif",
    bytes: Buffer.concat([screen, ...parts]),
  }));
  const webp = fc
    .tuple(fc.array(fc.constantFrom(...webpParts), { maxLength: 10 }), fc.boolean())
    .map(([parts, swallows]) => {
      const bytes = riff(webpStart, ...parts);
      const first = bytes.indexOf("ANMF");
      if (swallows && first > 0) bytes.writeUInt32LE(Math.max(16, bytes.length - first - 8), first + 4);
      return { mime: "image/webp", bytes };
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(gif, webp), async ({ mime, bytes }) => {
      const found = await sharp(bytes)
        .metadata()
        .catch(() => undefined);
      if (found !== undefined) expect(await count(bytes, mime)).toBeGreaterThanOrEqual(found.pages ?? 1);
    }),
    { numRuns: 2000 },
  );
});
