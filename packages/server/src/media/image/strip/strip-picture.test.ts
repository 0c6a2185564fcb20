import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferSource } from "../../byte-source.ts";
import { findBlocks } from "../../inspect/probe-image.ts";
import { readTags } from "../../metadata/read-tags.ts";
import { animation, blue, green, plain, quadrants, red } from "../../testing/pictures.ts";
import { type StrippableFormat, stripPicture } from "./strip-picture.ts";
import {
  expectSamePixels,
  insert,
  pngChunk,
  pngHeaderEnd,
  riff,
  secret,
  secretive,
  secretiveGif,
  secretiveJpeg,
  secretivePng,
  secretiveWebp,
  segment,
  webpChunk,
} from "./testing/secrets.ts";

const photo = () => quadrants(60, 40);
const frames = () => animation([red, green, blue], 20, 10);
const strip = (bytes: Buffer, format: StrippableFormat, { orientation = 1, maxBytes = Infinity } = {}) =>
  stripPicture(bytes, format, { orientation, maxBytes });

const files: readonly (readonly [what: string, format: StrippableFormat, bytes: Buffer, hasProfile: boolean])[] = [
  ["a JPEG", "jpeg", await secretiveJpeg(await secretive(photo()).jpeg().toBuffer()), true],
  [
    "a progressive JPEG",
    "jpeg",
    await secretiveJpeg(await secretive(photo()).jpeg({ progressive: true }).toBuffer()),
    true,
  ],
  ["a JPEG in grey", "jpeg", await secretiveJpeg(await photo().toColourspace("b-w").jpeg().toBuffer()), false],
  ["a PNG", "png", secretivePng(await secretive(photo()).png().toBuffer()), true],
  ["a PNG with a palette", "png", secretivePng(await plain(20, 20, "#c338").png({ palette: true }).toBuffer()), false],
  ["a lossy WebP", "webp", secretiveWebp(await secretive(photo()).webp().toBuffer()), true],
  [
    "a WebP with transparency",
    "webp",
    secretiveWebp(
      await secretive(plain(20, 20, "#c338"))
        .webp()
        .toBuffer(),
    ),
    true,
  ],
  ["a lossless WebP", "webp", secretiveWebp(await photo().webp({ lossless: true }).toBuffer()), false],
  ["an animated WebP", "webp", secretiveWebp(await secretive(frames()).webp({ loop: 3 }).toBuffer()), true],
  ["a GIF", "gif", secretiveGif(await photo().gif().toBuffer()), false],
  [
    "an animated GIF",
    "gif",
    secretiveGif(
      await frames()
        .gif({ loop: 3, delay: [100, 200, 300] })
        .toBuffer(),
    ),
    false,
  ],
];

describe("nothing but the picture and its colours is left", () => {
  test.each(files)("of %s", async (_, format, bytes, hasProfile) => {
    expect(bytes.includes(secret)).toBe(true);
    const stripped = await strip(bytes, format);
    if (stripped === undefined) throw new Error("refused");
    expect(stripped.includes(secret)).toBe(false);
    expect(stripped.length).toBeLessThan(bytes.length);
    await expectSamePixels(stripped, bytes);
    const { exif, iptc, xmp, icc, pages, delay, loop } = await sharp(stripped).metadata();
    expect([exif, iptc, xmp, icc !== undefined]).toEqual([undefined, undefined, undefined, hasProfile]);
    const before = await sharp(bytes).metadata();
    expect({ icc, pages, delay, loop }).toEqual({
      icc: before.icc,
      pages: before.pages,
      delay: before.delay,
      loop: before.loop,
    });
    expect(await strip(stripped, format)).toEqual(stripped);
  });
});

test("a JPEG keeps its orientation, as the only thing that its EXIF says", async () => {
  const bytes = await secretiveJpeg(await secretive(photo(), 6).jpeg().toBuffer());
  const stripped = (await strip(bytes, "jpeg", { orientation: 6 })) ?? Buffer.alloc(0);
  expect(stripped.includes(secret)).toBe(false);
  expect((await sharp(stripped).metadata()).orientation).toBe(6);
  const { exif } = await findBlocks(bufferSource(stripped), "image/jpeg");
  const { image, ...others } = (exif && (await readTags(exif))) ?? {};
  expect([...(image ?? [])]).toEqual([[0x0112, 6]]);
  expect(Object.values(others).every((tags) => tags.size === 0)).toBe(true);
  expect((await sharp(stripped).metadata()).density).toBe(72);
});

test("what a JPEG says of its colours behind the first scan, where no reader looks, isn't put before it", async () => {
  const bytes = await photo().jpeg({ progressive: true }).toBuffer();
  const late = insert(
    bytes,
    bytes.length - 2,
    segment(0xee, "Adobe\0\x64\0\0\0\0\0"),
    segment(0xe2, "ICC_PROFILE\0\x01\x01p"),
  );
  const stripped = (await strip(late, "jpeg")) ?? Buffer.alloc(0);
  expect(stripped).toEqual(await strip(bytes, "jpeg"));
  await expectSamePixels(stripped, late);
});

test("a result that isn't smaller than it has to be is none", async () => {
  for (const [, format, bytes] of files) {
    const { length = 0 } = (await strip(bytes, format)) ?? {};
    expect(await strip(bytes, format, { maxBytes: length })).toBeUndefined();
    expect((await strip(bytes, format, { maxBytes: length + 1 }))?.length).toBe(length);
  }
});

describe("what isn't in order is left alone", async () => {
  const jpeg = await photo().jpeg().toBuffer();
  const png = await photo().png().toBuffer();
  const still = await photo().webp().toBuffer();
  const extended = await secretive(photo()).webp().toBuffer();
  const animated = await frames().webp().toBuffer();
  const gif = await frames().gif().toBuffer();
  const scan = jpeg.indexOf(Buffer.of(0xff, 0xda));
  const firstFrame = animated.indexOf("ANMF");
  const gifStart = gif.indexOf("!\xff\x0b", 0, "latin1");
  const withProfile = await photo().withIccProfile("p3").jpeg().toBuffer();
  const profile = withProfile.indexOf("ICC_PROFILE");
  const changed = (bytes: Buffer, offset: number, value: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[offset] = value;
    return copy;
  };
  const framed = (extra: Buffer): Buffer => {
    const bytes = insert(animated, firstFrame + 8 + animated.readUInt32LE(firstFrame + 4), extra);
    bytes.writeUInt32LE(animated.readUInt32LE(firstFrame + 4) + extra.length, firstFrame + 4);
    return riff(bytes);
  };

  test.each<[string, StrippableFormat, Buffer]>([
    ["a JPEG without an end", "jpeg", jpeg.subarray(0, -2)],
    ["a JPEG without a picture", "jpeg", Buffer.concat([jpeg.subarray(0, scan), Buffer.of(0xff, 0xd9)])],
    ["rubbish between a JPEG's segments", "jpeg", insert(jpeg, scan, Buffer.from(secret))],
    ["fill bytes between a JPEG's segments", "jpeg", insert(jpeg, scan, Buffer.of(0xff))],
    ["a segment that is unknown", "jpeg", insert(jpeg, scan, segment(0xf0, secret))],
    ["a segment shorter than its length", "jpeg", insert(jpeg, 2, Buffer.of(0xff, 0xfe, 0, 1))],
    ["a second frame", "jpeg", insert(jpeg, scan, segment(0xc0, "\x08\0\x28\0\x3c\x01\x01\x11\0"))],
    ["tables with something behind them", "jpeg", insert(jpeg, scan, segment(0xdb, `\0${"\x01".repeat(64)}${secret}`))],
    [
      "codes with something behind them",
      "jpeg",
      insert(jpeg, scan, segment(0xc4, `\x01\x01${"\0".repeat(15)}a${secret}`)),
    ],
    [
      "two colour transforms",
      "jpeg",
      insert(jpeg, 2, segment(0xee, "Adobe\0\x64\0\0\0\0\x01"), segment(0xee, "Adobe\0\x64\0\0\0\0\0")),
    ],
    ["four inks", "jpeg", await photo().toColourspace("cmyk").jpeg().toBuffer()],
    ["a profile without its end", "jpeg", changed(withProfile, profile + 13, 2)],
    [
      "a profile of other colours",
      "jpeg",
      insert(
        await photo().toColourspace("b-w").jpeg().toBuffer(),
        2,
        segment(0xe2, withProfile.subarray(profile, profile + withProfile.readUInt16BE(profile - 2) - 2)),
      ),
    ],
    ["a PNG without an end", "png", png.subarray(0, -12)],
    ["a PNG that plays", "png", insert(png, pngHeaderEnd, pngChunk("acTL", "\0\0\0\x01\0\0\0\0"))],
    ["a chunk that has to be understood", "png", insert(png, pngHeaderEnd, pngChunk("ABCD", secret))],
    [
      "a chunk whose checksum is wrong",
      "png",
      insert(png, pngHeaderEnd, changed(pngChunk("gAMA", "\0\0\xb1\x8f"), 8, 1)),
    ],
    [
      "two of what there is one of",
      "png",
      insert(png, pngHeaderEnd, pngChunk("gAMA", "\0\0\xb1\x8f"), pngChunk("gAMA", "\0\0\xb1\x8f")),
    ],
    ["colours behind the picture", "png", insert(png, png.length - 12, pngChunk("gAMA", "\0\0\xb1\x8f"))],
    [
      "something within the picture",
      "png",
      insert(png, png.length - 12, pngChunk("tEXt", secret), pngChunk("IDAT", "")),
    ],
    ["a WebP that ends early", "webp", still.subarray(0, -2)],
    ["a chunk within a frame", "webp", framed(webpChunk("EXIF", secret))],
    [
      "a frame within a frame",
      "webp",
      framed(animated.subarray(firstFrame, firstFrame + 8 + animated.readUInt32LE(firstFrame + 4))),
    ],
    ["two pictures", "webp", riff(extended, webpChunk("VP8 ", secret))],
    ["a profile that nobody announces", "webp", riff(changed(extended, 20, 0))],
    ["a GIF without an end", "gif", gif.subarray(0, -1)],
    ["a text in a GIF", "gif", insert(gif, gifStart, Buffer.from(`!\x01\x0c${"\0".repeat(12)}\x01a\0`, "latin1"))],
    ["an extension that is unknown", "gif", insert(gif, gifStart, Buffer.from("!\x42\x01a\0", "latin1"))],
    ["an extension that readers read in two ways", "gif", insert(gif, gifStart, Buffer.from("!\xff\0\0", "latin1"))],
    [
      "loops that are said in another way",
      "gif",
      insert(gif, gifStart, Buffer.from("!\xff\x0bNETSCAPE2.0\x05\x02\0\0\0\0\0", "latin1")),
    ],
  ])("%s", async (_, format, bytes) => {
    expect(await strip(bytes, format)).toBeUndefined();
    expect(await strip(Buffer.alloc(0), format)).toBeUndefined();
  });
});

test("whatever is done to a file's bytes, what is left has nothing more in it that would go", async () => {
  const edits = fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), edits, async ([, format, bytes], changes) => {
      const changed = Buffer.from(bytes);
      for (const [offset, value] of changes) changed[offset % changed.length] = value;
      const stripped = await strip(changed, format);
      if (stripped !== undefined) expect(await strip(stripped, format)).toEqual(stripped);
    }),
    { numRuns: 1000 },
  );
});
