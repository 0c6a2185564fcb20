import fc from "fast-check";
import sharp, { type Metadata } from "sharp";
import { describe, expect, test } from "vitest";
import { insert, pngChunk, riff, webpChunk } from "../../image/strip/testing/secrets.ts";
import { avifOf, heifBox, type Item, pictureIn } from "../../testing/heif-files.ts";
import { avifOfTwo, heicTurned } from "../../testing/heif-pictures.ts";
import { animation, green, red } from "../../testing/pictures.ts";
import { withoutCostlyMetadata } from "./costly-metadata.ts";
import {
  deflatedText,
  exifSegment,
  jpegWith,
  pngWith,
  profileChunk,
  profileSegments,
  rawExifText,
  tiffWith,
  webpWith,
} from "./testing/costly-pictures.ts";
import { circularExif, exifOf, orientation, pointers } from "./testing/exif-blocks.ts";
import { calculationOf, endlessProfile, profileOf } from "./testing/profiles.ts";

const size = { width: 60, height: 40 };
const own = pictureIn(
  await sharp({ create: { ...size, channels: 3, background: "#c33" } })
    .avif({ effort: 0 })
    .toBuffer(),
);
const avif = { id: 1, type: "av01", data: own.data, properties: [1, 2, 3] };
const exifData = (exif: Buffer) => Buffer.concat([Buffer.alloc(4), exif]);
const exifItem = (exif: Buffer) => ({
  id: 2,
  type: "Exif",
  data: exifData(exif),
  refersTo: { kind: "cdsc", items: [1] },
});
const described = { items: [avif], primary: 1, properties: own.properties };
const profiled = (kind: string, profile: Buffer, ...items: readonly Item[]) =>
  avifOf({
    primary: 1,
    items: [{ ...avif, properties: [1, 2, 3, 4] }, ...items],
    properties: [...own.properties, heifBox("colr", kind, profile)],
  });

/** A copy in which the metadata is hidden. Only such a copy may be given to the image library. */
async function hidden(bytes: Buffer, format: string): Promise<Metadata> {
  const before = Buffer.from(bytes);
  const copy = await withoutCostlyMetadata(bytes, format);
  expect(copy === bytes).toBe(false);
  expect(copy.length).toBe(bytes.length);
  expect(bytes.equals(before)).toBe(true);
  expect((await withoutCostlyMetadata(copy, format)) === copy).toBe(true);
  const { info } = await sharp(copy, { failOn: "error" }).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject(size);
  return sharp(copy).metadata();
}

const exif = exifOf([
  {
    entries: [
      [orientation, 6],
      [pointers.exif, 1],
    ],
  },
  { entries: [[0x9000, 1]] },
]);

describe("EXIF that leads in circles is hidden, apart from the orientation", () => {
  test.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ["of a JPEG", "jpeg", () => jpegWith(exifSegment(circularExif))],
    ["of a JPEG behind other EXIF", "jpeg", () => jpegWith(exifSegment(exif), exifSegment(circularExif))],
    ["of a JPEG before other EXIF", "jpeg", () => jpegWith(exifSegment(circularExif), exifSegment(exif))],
    ["of a JPEG behind rubbish", "jpeg", () => jpegWith(Buffer.alloc(100, 7), exifSegment(circularExif))],
    ["of a PNG", "png", () => pngWith(pngChunk("eXIf", circularExif))],
    ["of a WebP", "webp", () => webpWith({ exif: circularExif })],
    [
      "of a WebP, with the prefix of a JPEG",
      "webp",
      () => webpWith({ exif: Buffer.concat([Buffer.from("Exif\0\0"), circularExif]) }),
    ],
  ])("%s", async (_, format, make) => {
    expect((await hidden(await make(), format)).orientation).toBe(6);
  });

  test.each([
    ["of an AVIF", [avif, exifItem(circularExif)]],
    ["of an AVIF, in a box of its own", [avif, { ...exifItem(circularExif), origin: 1 as const }]],
    ["of an AVIF, in pieces", [avif, { ...exifItem(circularExif), pieces: 2 }]],
  ])("%s", async (_, items) => {
    expect((await hidden(avifOf({ ...described, items }), "avif")).exif).toBeUndefined();
  });

  test("as a text of a PNG, whatever it says", async () => {
    for (const chunk of [
      deflatedText("Raw profile type exif", rawExifText(circularExif)),
      pngChunk("tEXt", `Raw profile type APP1\0${rawExifText(exif)}`),
    ]) {
      await hidden(await pngWith(chunk), "png");
    }
  });

  test("of an AVIF, in the second of two items, of which the first stays", async () => {
    const items = [avif, { ...exifItem(exif), id: 3 }, exifItem(circularExif)];
    expect((await hidden(avifOf({ ...described, items }), "avif")).exif?.equals(exif)).toBe(true);
  });

  test("within a frame of a WebP, where the library finds it as well", async () => {
    const framed = async (content: Buffer): Promise<Buffer> => {
      const bytes = await animation([red, green], size.width, size.height).webp().toBuffer();
      const frame = bytes.indexOf("ANMF");
      const end = frame + 8 + bytes.readUInt32LE(frame + 4);
      const chunk = webpChunk("EXIF", content);
      bytes.writeUInt32LE(bytes.readUInt32LE(frame + 4) + chunk.length, frame + 4);
      bytes.writeUInt8(bytes.readUInt8(20) | 0x08, 20);
      return riff(insert(bytes, end, chunk));
    };
    expect((await sharp(await framed(exif)).metadata()).exif).toBeDefined();
    expect((await hidden(await framed(circularExif), "webp")).orientation).toBe(6);
  });

  test("where it has no room for an orientation", async () => {
    const short = Buffer.from("II*\0\x08\0\0\0\xff\xff", "latin1");
    expect((await hidden(await webpWith({ exif: short }), "webp")).orientation).toBeUndefined();
  });
});

describe("a colour profile that takes minutes is hidden", () => {
  test.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ["of a JPEG", "jpeg", () => jpegWith(...profileSegments(endlessProfile))],
    [
      "of a JPEG whose parts are in another order",
      "jpeg",
      () => jpegWith(...profileSegments(endlessProfile).reverse()),
    ],
    ["of a PNG", "png", () => pngWith(profileChunk(endlessProfile))],
    ["of a PNG, with seven megabytes", "png", () => pngWith(profileChunk(profileOf(["D2B0", calculationOf(900_000)])))],
    ["of a WebP", "webp", () => webpWith({ profile: endlessProfile })],
    ["of a TIFF", "tiff", () => tiffWith(endlessProfile)],
    ["of a large TIFF", "tiff", () => tiffWith(endlessProfile, true)],
    ["of an AVIF", "avif", () => profiled("prof", endlessProfile)],
    ["of an AVIF, as a restricted one", "avif", () => profiled("rICC", endlessProfile)],
  ])("%s", async (_, format, make) => {
    expect((await hidden(await make(), format)).icc).toBeUndefined();
  });

  test("and so are two profiles of a PNG, which may have one", async () => {
    await hidden(await pngWith(profileChunk(profileOf()), profileChunk(profileOf())), "png");
  });

  test("and so is a profile of a TIFF whose bytes are written as longer numbers", async () => {
    const bytes = await tiffWith(profileOf());
    const entry = bytes.indexOf("\x73\x87\x07\0", 0, "latin1");
    bytes.writeUInt16LE(3, entry + 2);
    bytes.writeUInt32LE(bytes.readUInt32LE(entry + 4) / 2, entry + 4);
    expect((await hidden(bytes, "tiff")).icc).toBeUndefined();
  });
});

test("texts that inflate to hundreds of megabytes are hidden", async () => {
  const texts = Array.from({ length: 30 }, (_, index) => deflatedText(`k${index}`, Buffer.alloc(7_000_000, "a")));
  expect((await hidden(await pngWith(...texts), "png")).comments).toBeUndefined();
});

const p3 = () => sharp({ create: { ...size, channels: 3, background: "#c33" } }).withIccProfile("p3");
const camera = () => p3().withExif({ IFD0: { Make: "A" }, IFD2: { FNumber: "2/1" }, IFD3: { GPSLatitudeRef: "N" } });

test.each([
  ["a JPEG", "jpeg", () => camera().jpeg().toBuffer()],
  ["a progressive JPEG", "jpeg", () => camera().jpeg({ progressive: true }).toBuffer()],
  ["a JPEG of four inks", "jpeg", () => p3().toColourspace("cmyk").withIccProfile("cmyk").jpeg().toBuffer()],
  ["a JPEG with two blocks of EXIF", "jpeg", () => jpegWith(exifSegment(exif), exifSegment(exif))],
  ["a PNG", "png", () => camera().png().toBuffer()],
  ["a PNG with a text", "png", () => pngWith(deflatedText("Comment", "text"), pngChunk("tEXt", "Software\0a"))],
  ["a WebP", "webp", () => camera().webp().toBuffer()],
  ["a plain WebP", "webp", () => webpWith({})],
  ["a TIFF", "tiff", () => camera().tiff().toBuffer()],
  ["a large TIFF", "tiff", () => tiffWith(profileOf(), true)],
  ["an AVIF", "avif", () => camera().avif({ effort: 0 }).toBuffer()],
  ["an AVIF with a profile", "avif", async () => profiled("prof", profileOf())],
  ["an AVIF of two pictures", "avif", async () => avifOfTwo],
  ["a HEIC with EXIF", "heic", async () => heicTurned],
  ["a GIF", "gif", () => p3().gif().toBuffer()],
])("%s that is in order is shown as it is", async (_, format, make) => {
  const bytes = await make();
  expect((await withoutCostlyMetadata(bytes, format)) === bytes).toBe(true);
});

const everything = new Map([
  ["jpeg", await jpegWith(exifSegment(circularExif), ...profileSegments(endlessProfile))],
  [
    "png",
    await pngWith(
      pngChunk("eXIf", circularExif),
      profileChunk(endlessProfile),
      deflatedText("Raw profile type exif", "a"),
    ),
  ],
  ["webp", await webpWith({ exif: circularExif, profile: endlessProfile })],
  ["tiff", await tiffWith(endlessProfile)],
  ["avif", profiled("prof", endlessProfile, exifItem(circularExif))],
]);

test("whatever is done to a file's bytes, nothing costly is left in the copy", async () => {
  const edits = fc.array(fc.tuple(fc.nat({ max: 8000 }), fc.constantFrom(0, 1, 8, 255)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...everything.keys()),
      edits,
      fc.nat({ max: 100 }),
      async (format, changes, cut) => {
        const bytes = everything.get(format) ?? Buffer.alloc(0);
        const changed = Buffer.from(bytes.subarray(0, bytes.length - cut));
        for (const [offset, value] of changes) changed[offset % changed.length] = value;
        const copy = await withoutCostlyMetadata(changed, format);
        expect(copy.length).toBe(changed.length);
        expect((await withoutCostlyMetadata(copy, format)) === copy).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
