import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bufferSource, FileByteSource, type MediaSource } from "../byte-source.ts";
import { readHeader } from "../testing/read-header.ts";
import { type ImageFacts, probeImage } from "./probe-image.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-media-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function probe(bytes: Buffer, mime: string): Promise<ImageFacts | undefined> {
  const path = join(folder, "picture");
  await writeFile(path, bytes);
  const source = new FileByteSource(path, bytes.length, undefined, undefined);
  try {
    return (await probeImage(source, mime, readHeader))?.facts;
  } finally {
    await source.close();
  }
}

const formats = ["jpeg", "png", "webp", "tiff", "gif", "avif"] as const;
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
const picture = (width: number, height: number, channels: 3 | 4) =>
  sharp({ create: { width, height, channels, background: "#c338" } });

test.each(orientations)("width and height are those displayed, for orientation %i", async (orientation) => {
  const upright = orientation < 5;
  for (const format of ["jpeg", "png", "webp", "tiff"] as const) {
    const bytes = await picture(60, 40, 3).withMetadata({ orientation }).toFormat(format).toBuffer();
    expect(await probe(bytes, `image/${format}`), format).toEqual({
      width: upright ? 60 : 40,
      height: upright ? 40 : 60,
      orientation,
      hasAlpha: false,
      animated: false,
    });
  }
  const avif = await picture(60, 40, 3).withMetadata({ orientation }).avif().toBuffer();
  expect(await probe(avif, "image/avif")).toMatchObject(
    upright ? { width: 60, height: 40 } : { width: 40, height: 60 },
  );
});

test("without an orientation there is none", async () => {
  expect(await probe(await picture(60, 40, 3).png().toBuffer(), "image/png")).not.toHaveProperty("orientation");
});

test("our readers say what the library says", async () => {
  const input = fc.record({
    format: fc.constantFrom(...formats),
    width: fc.integer({ min: 16, max: 300 }),
    height: fc.integer({ min: 16, max: 300 }),
    channels: fc.constantFrom(3, 4),
    orientation: fc.constantFrom(undefined, ...orientations),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ format, width, height, channels, orientation }) => {
      const image = picture(width, height, channels);
      const bytes = await (orientation ? image.withMetadata({ orientation }) : image)
        .tiff({ compression: "lzw" })
        .toFormat(format)
        .toBuffer();
      const expected = await sharp(bytes).metadata();
      const facts = await probe(bytes, `image/${format}`);
      expect({ width: facts?.width, height: facts?.height, hasAlpha: facts?.hasAlpha }).toEqual({
        ...expected.autoOrient,
        hasAlpha: expected.hasAlpha,
      });
      // A plain TIFF has the orientation that the standard assumes. The library reports it; we report what is written.
      expect(facts?.orientation ?? 1).toBe(expected.orientation ?? 1);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test.each(["gif", "webp"] as const)("an animated %s has the height of one frame", async (format) => {
  const pixels = Buffer.from(Array.from({ length: 3 * 60 * 40 * 4 }, (_, index) => (index >> 13) * 60));
  const frames = sharp(pixels, { raw: { width: 60, height: 120, channels: 4, pageHeight: 40 } });
  const facts = await probe(await frames.toFormat(format).toBuffer(), `image/${format}`);
  expect(facts).toEqual({ width: 60, height: 40, hasAlpha: true, animated: true });
});

test("a HEIC that can't be decoded has the size that its header gives", async () => {
  const bytes = await picture(60, 40, 3).avif().toBuffer();
  bytes.write("heic", 8, "latin1");
  expect(await probe(bytes, "image/heic")).toMatchObject({ width: 60, height: 40 });
});

test("a JPEG with rubbish between its segments is read by the library", async () => {
  const bytes = await picture(60, 40, 3).jpeg().toBuffer();
  const table = bytes.indexOf(Buffer.from([0xff, 0xdb]));
  const odd = Buffer.concat([bytes.subarray(0, table), Buffer.from([1, 2, 3]), bytes.subarray(table)]);
  expect(await probe(odd, "image/jpeg")).toMatchObject({ width: 60, height: 40 });
});

test("a header that claims more pixels than any picture has is not believed", async () => {
  const bytes = await picture(60, 40, 3).png().toBuffer();
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  expect(await probe(bytes, "image/png")).toBeUndefined();
});

test("content that lies, is cut off or of a type that isn't read has no facts", async () => {
  const bytes = await picture(60, 40, 3).jpeg().toBuffer();
  expect(await probe(bytes.subarray(0, 20), "image/jpeg")).toBeUndefined();
  expect(await probe(bytes, "image/avif")).toBeUndefined();
  expect(await probe(bytes, "image/bmp")).toBeUndefined();
  expect(await probe(Buffer.alloc(0), "image/gif")).toBeUndefined();
});

test.each([
  ["jpeg", Buffer.from([0xff, 0xfe, 0, 2])],
  ["avif", Buffer.from("\0\0\0\x08free", "latin1")],
] as const)("of a %s with very many empty parts the library isn't asked either", async (format, part) => {
  const bytes = await picture(60, 40, 3).toFormat(format).toBuffer();
  const start = format === "avif" ? bytes.readUInt32BE(0) : 2;
  const parts = Buffer.alloc(part.length * 10_000, part);
  const full = Buffer.concat([bytes.subarray(0, start), parts, bytes.subarray(start)]);
  const source: MediaSource = {
    ...bufferSource(full),
    head: async () => full,
    get whole(): Buffer {
      throw new Error("The library is asked");
    },
    close: async () => undefined,
  };
  expect(await probeImage(source, `image/${format}`, readHeader)).toBeUndefined();
});

test("a chain of a hundred thousand TIFF directories isn't followed", async () => {
  const entry = (tag: number, value: number): number[] => [tag & 0xff, tag >> 8, 4, 0, 1, 0, 0, 0, value, 0, 0, 0];
  const directory = Buffer.from([2, 0, ...entry(0x100, 60), ...entry(0x101, 40), 0, 0, 0, 0]);
  const bytes = Buffer.concat([
    Buffer.from("II*\0\x08\0\0\0", "latin1"),
    Buffer.alloc(directory.length * 100_000, directory),
  ]);
  for (let next = 8 + directory.length; next < bytes.length; next += directory.length) {
    bytes.writeUInt32LE(next, next - 4);
  }
  expect(await probe(bytes, "image/tiff")).toMatchObject({ width: 60, height: 40, animated: false });
});

test("whatever is done to a picture's bytes, there is an answer", async () => {
  const originals = await Promise.all(
    formats.map(async (format) => ({
      format,
      bytes: await picture(60, 40, 4).withMetadata({ orientation: 6 }).toFormat(format).toBuffer(),
    })),
  );
  const edits = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...originals), edits, fc.nat(400), async ({ format, bytes }, changes, length) => {
      const changed = Buffer.from(bytes.subarray(0, bytes.length - (length % bytes.length)));
      for (const [offset, value] of changes) {
        changed[offset % changed.length] = value;
      }
      const facts = await probe(changed, `image/${format}`);
      expect(facts === undefined || (facts.width > 0 && facts.height > 0)).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 60_000);
