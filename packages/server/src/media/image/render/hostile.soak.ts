import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import {
  deflatedText,
  exifSegment,
  jpegWith,
  pngWith,
  profileChunk,
  profileSegments,
  scannedJpeg,
  tiffWith,
  webpWith,
} from "../../inspect/bounds/testing/costly-pictures.ts";
import { circularExif } from "../../inspect/bounds/testing/exif-blocks.ts";
import { endlessProfile } from "../../inspect/bounds/testing/profiles.ts";
import { avifOf, gridItem, pictureIn, sizeProperty } from "../../testing/heif-files.ts";
import { animation, green, plain, quadrants, red, render, renderContext } from "../../testing/pictures.ts";
import { pngChunk } from "../strip/testing/secrets.ts";

/** The time in milliseconds. This is long enough for a busy machine, and far less than a bomb would take. */
const within = 5000;

async function refusal(bytes: Buffer, transformation: Parameters<typeof render>[1] = {}): Promise<unknown> {
  const start = performance.now();
  const outcome = await render(bytes, transformation).catch((error: unknown) => error);
  expect(performance.now() - start).toBeLessThan(within);
  return outcome;
}

/** @param empty the number of chunks before the pixels that hold nothing */
function pngOf(width: number, height: number, rows: Buffer, empty = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const nothing = ["abCd", Buffer.alloc(0)] as const;
  const pixels = [["IDAT", rows] as const, ["IEND", Buffer.alloc(0)] as const];
  const chunks = [["IHDR", header] as const, ...Array<typeof nothing>(empty).fill(nothing), ...pixels];
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...chunks.map(([type, data]) => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const frame = Buffer.alloc(body.length + 8);
      frame.writeUInt32BE(data.length);
      frame.set(body, 4);
      frame.writeUInt32BE(crc32(body), body.length + 4);
      return frame;
    }),
  ]);
}

/** A GIF in which every frame is a whole screen of one colour and takes a few bytes. */
function gifOf(width: number, height: number, frames: number): Buffer {
  const header = Buffer.from("GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff", "latin1");
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const frame = Buffer.from("!\xf9\x04\0\x01\0\0\0,\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0", "latin1");
  frame.writeUInt16LE(width, 13);
  frame.writeUInt16LE(height, 15);
  return Buffer.concat([header, ...Array<Buffer>(frames).fill(frame), Buffer.from(";")]);
}

/** A small picture whose header claims 16,000 pixels on each side. */
async function hugeWebp(): Promise<Buffer> {
  const bytes = await plain(8, 8, "#123").removeAlpha().webp({ lossless: true }).toBuffer();
  const at = bytes.indexOf("VP8L") + 9;
  bytes.writeUInt32LE((bytes.readUInt32LE(at) & 0xf000_0000) | (15_999 * 2 ** 14 + 15_999), at);
  return bytes;
}

/** A WebP that repeats one small frame. */
async function webpOf(frames: number): Promise<Buffer> {
  const bytes = await animation([red, green], 4, 4).webp().toBuffer();
  const first = bytes.indexOf("ANMF");
  const length = 8 + bytes.readUInt32LE(first + 4);
  const frame = bytes.subarray(first, first + length);
  const all = Buffer.concat([bytes.subarray(0, first), ...Array<Buffer>(frames).fill(frame)]);
  all.writeUInt32LE(all.length - 8, 4);
  return all;
}

async function jpegOfSegments(count: number): Promise<Buffer> {
  const bytes = await quadrants(40, 20).jpeg().toBuffer();
  const segment = Buffer.of(0xff, 0xe1, 0, 2);
  return Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(count * segment.length, segment), bytes.subarray(2)]);
}

/** A file of a kilobyte. All tiles are the same. */
async function tiledAvif(): Promise<Buffer> {
  const { data, properties } = pictureIn(await plain(4000, 4000, "#c33").removeAlpha().avif({ effort: 0 }).toBuffer());
  const tile = { id: 1, type: "av01", data, properties: [1, 2, 3] };
  const grid = { ...gridItem(2, 1, 200, 64, 64), properties: [4, 3] };
  return avifOf({ items: [tile, grid], primary: 2, properties: [...properties, sizeProperty(64, 64)] });
}

async function scansOf(count: number): Promise<Buffer> {
  const bytes = await quadrants(1200, 800).jpeg({ progressive: true }).toBuffer();
  const scan = bytes.subarray(bytes.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
  return Buffer.concat([bytes.subarray(0, -2), ...Array<Buffer>(count).fill(scan), bytes.subarray(-2)]);
}

/**
 * A TIFF that repeats one grey pixel. Its last directory leads to `next`.
 * @param unknown the number of entries of each directory that mean nothing
 */
function tiffOf(pages: number, next = 0, order: "II" | "MM" = "II", unknown = 0): Buffer {
  const write = (bytes: Buffer, value: number, offset: number, size: number) =>
    order === "II" ? bytes.writeUIntLE(value, offset, size) : bytes.writeUIntBE(value, offset, size);
  const tags = [
    [256, 1],
    [257, 1],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 1],
    [279, 1],
    ...Array.from({ length: unknown }, (_, index) => [1000 + index, 1] as const),
  ] as const;
  const length = 2 + 12 * tags.length + 4;
  const bytes = Buffer.alloc(10 + pages * length);
  bytes.write(order);
  write(bytes, 42, 2, 2);
  write(bytes, 10, 4, 4);
  for (let page = 0; page < pages; page += 1) {
    const start = 10 + page * length;
    write(bytes, tags.length, start, 2);
    for (const [index, [tag, value]] of tags.entries()) {
      const entry = start + 2 + 12 * index;
      write(bytes, tag, entry, 2);
      write(bytes, 3, entry + 2, 2);
      write(bytes, 1, entry + 4, 4);
      write(bytes, value, entry + 8, 2);
    }
    write(bytes, page === pages - 1 ? next : start + length, start + length - 4, 4);
  }
  return bytes;
}

describe("is refused before it is decoded", () => {
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ["a PNG that claims to be huge", () => pngOf(60_000, 60_000, deflateSync(Buffer.alloc(100_000)))],
    ["a GIF screen of four thousand megapixels", () => gifOf(65_535, 65_535, 1)],
    ["a WebP that claims to be huge", hugeWebp],
    ["a GIF of a hundred thousand frames", () => gifOf(100, 100, 100_000)],
    ["a WebP of a hundred thousand frames", () => webpOf(100_000)],
    ["a TIFF of fifty thousand pages", () => tiffOf(50_000)],
    ["a TIFF of fifty thousand pages, in the other order of bytes", () => tiffOf(50_000, 0, "MM")],
    ["a TIFF of a directory of thousands of entries", () => tiffOf(1, 0, "II", 4000)],
    ["few frames that are large together", () => gifOf(4000, 4000, 50)],
    ["a progressive JPEG that says its last scan a thousand times", () => scansOf(1000)],
    ["a progressive JPEG whose scans say nothing", () => scannedJpeg(5000, 4000, 99)],
    ["an AVIF that shows a corner of two hundred tiles of 16 megapixels", tiledAvif],
    ["a JPEG of a hundred thousand empty segments", () => jpegOfSegments(100_000)],
    ["a PNG of a hundred thousand empty chunks", () => pngOf(4, 4, deflateSync(Buffer.alloc(4 * 13)), 100_000)],
  ])("%s", async (_, make) => {
    expect(await refusal(await make())).toMatchObject({ name: "MediaError", code: "ELIMIT" });
  });
});

describe("is made without the metadata", () => {
  test.each<[string, () => Promise<Buffer>]>([
    ["a JPEG", () => jpegWith(exifSegment(circularExif))],
    ["a PNG", () => pngWith(pngChunk("eXIf", circularExif))],
    ["a WebP", () => webpWith({ exif: circularExif })],
  ])("%s whose EXIF leads in circles, upright", async (_, make) => {
    const bytes = await make();
    const steps = [{ size: { height: 30 } }];
    expect(await refusal(bytes, { steps })).toMatchObject({ width: 20, height: 30 });
    expect(await refusal(bytes, { output: { keepMetadata: true } })).toMatchObject({ width: 40, height: 60 });
    const layers = new Map([["a", { bytes, area: undefined }]]);
    const content = { kind: "file", path: "a", autoOrient: true } as const;
    const layer = { content, steps: [], placement: { focus: { x: 0, y: 0 } }, mode: "over" } as const;
    expect(await render(plain(99, 99, "#fff"), { steps: [{ layers: [layer] }] }, { layers })).toMatchObject({
      width: 99,
    });
  });

  test.each<[string, () => Promise<Buffer>]>([
    ["a JPEG", () => jpegWith(...profileSegments(endlessProfile))],
    ["a PNG", () => pngWith(profileChunk(endlessProfile))],
    ["a WebP", () => webpWith({ profile: endlessProfile })],
    ["a TIFF", () => tiffWith(endlessProfile)],
  ])("%s whose colour profile takes minutes, in sRGB", async (_, make) => {
    const bytes = await make();
    expect(await refusal(bytes, { steps: [{ size: { width: 30 } }] })).toMatchObject({ width: 30, height: 20 });
    const { data } = await render(bytes, { output: { keepProfile: true } });
    expect((await sharp(data).metadata()).icc).toBeUndefined();
  });

  test("a PNG whose texts inflate to hundreds of megabytes", async () => {
    const texts = Array.from({ length: 30 }, (_, index) => deflatedText(`k${index}`, Buffer.alloc(7_000_000, "a")));
    expect(await refusal(await pngWith(...texts))).toMatchObject({ width: 60 });
  });
});

test("a result that its format can't hold is refused before anything is decoded", async () => {
  const broken = pngOf(100, 100, deflateSync(Buffer.alloc(100)));
  const steps = [{ size: { width: 8000, height: 8000 }, mode: "force", blur: 9 }] as const;
  expect(await refusal(broken, { steps, output: { format: "webp", lossless: true } })).toMatchObject({
    code: "ELIMIT",
    message: "8000 x 8000 pixels are too many for webp",
  });
});

test("a picture that its decoder would have to hold whole is refused when that is too much", async () => {
  const bytes = await plain(400, 400, "#123").removeAlpha().png({ progressive: true }).toBuffer();
  const limits = { ...renderContext.limits, memoryBytes: 400 * 400 * 3 - 1 };
  await expect(render(bytes, {}, { limits })).rejects.toMatchObject({ name: "MediaError", code: "ELIMIT" });
});

describe("ends in a clean answer", () => {
  test("many frames or pages that are few enough to count", async () => {
    expect(await refusal(await webpOf(4000))).toMatchObject({ code: "ELIMIT" });
    expect(await refusal(await webpOf(4000), { still: true })).toMatchObject({ width: 4 });
    expect(await refusal(tiffOf(4000))).toMatchObject({ width: 1 });
  });

  test("a TIFF whose pages lead back to the first one", async () => {
    expect(await refusal(tiffOf(3, 10))).toMatchObject({ name: "MediaError" });
  });

  test("an AVIF of more parts than are read", async () => {
    const avif = await plain(20, 20, "#123").avif({ effort: 0 }).toBuffer();
    const bytes = Buffer.concat([avif.subarray(0, avif.readUInt32BE(0)), Buffer.alloc(80_000, "\0\0\0\x08free"), avif]);
    const message = "The image has more parts than this server reads";
    expect(await refusal(bytes)).toMatchObject({ code: "ELIMIT", message });
  });

  test("many pixels of one colour in few bytes", async () => {
    const rows = deflateSync(Buffer.alloc(9000 * (9000 * 3 + 1)));
    expect(rows.length).toBeLessThan(400_000);
    expect(await refusal(pngOf(9000, 9000, rows), { steps: [{ size: { width: 100 } }] })).toMatchObject({ width: 100 });
  });

  test.each<[string, () => Promise<Buffer>]>([
    ["nothing", async () => Buffer.alloc(0)],
    ["text", async () => Buffer.from("plain text")],
    ["a header alone", async () => Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
    ["a bitmap, which isn't decoded here", async () => Buffer.from("BM\0\0\0\0\0\0\0\0", "latin1")],
    ["a JPEG that ends in its header", async () => (await quadrants(600, 400).jpeg().toBuffer()).subarray(0, 300)],
    ["a JPEG that ends early", async () => (await quadrants(600, 400).jpeg().toBuffer()).subarray(0, -500)],
    ["a PNG that ends early", async () => (await quadrants(600, 400).png().toBuffer()).subarray(0, -100)],
    ["a WebP that ends early", async () => (await quadrants(600, 400).webp().toBuffer()).subarray(0, -100)],
    ["a PNG whose rows are missing", async () => pngOf(100, 100, deflateSync(Buffer.alloc(100)))],
  ])("%s", async (_, make) => {
    const bytes = await make();
    for (const steps of [[], [{ size: { width: 10 } }], [{ blur: 3 }]]) {
      expect(await refusal(bytes, { steps })).toMatchObject({ name: "MediaError", code: "EINVALID" });
    }
  });
});

describe("absurd transformations", () => {
  const source = quadrants(60, 40).png().toBuffer();
  const allowed = { name: "MediaError", code: "ELIMIT" };

  test.each([
    ["an output beyond the limit", [{ size: { width: 60_000, height: 60_000 } }]],
    ["a side that follows from the other", [{ size: { width: 60_000 } }]],
    ["a crop that would be enlarged beyond it first", [{ size: { width: 50_000, height: 2 } }]],
    ["borders upon borders", Array(5).fill({ border: { width: 20_000, colour: { r: 0, g: 0, b: 0, alpha: 1 } } })],
    ["a chain without end", Array(33).fill({ flip: { horizontal: true, vertical: false } })],
    ["rotation of what is large already", [{ size: { width: 12_000 } }, { rotation: 45 }]],
    ["more memory than there is", [{ size: { width: 9900, height: 9900 }, blur: 100 }]],
  ])("%s", async (_, steps) => {
    expect(await refusal(await source, { steps })).toMatchObject(allowed);
  });

  test("what takes too long is given up", async () => {
    const large = await plain(4000, 3000, "#c33").jpeg().toBuffer();
    const limits = { ...renderContext.limits, milliseconds: 150 };
    const start = performance.now();
    const rendering = render(large, { steps: Array(20).fill({ blur: 100 }) }, { limits });
    await expect(rendering).rejects.toMatchObject({ name: "MediaError", code: "ETIME" });
    expect(performance.now() - start).toBeLessThan(within);
  });

  test("whoever goes away ends the work between two operations", async () => {
    const gif = await animation(Array(10).fill([red, green]).flat(), 300, 300)
      .gif()
      .toBuffer();
    const steps = Array(20).fill({ blur: 50 });
    await expect(render(gif, { steps }, {}, AbortSignal.timeout(100))).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

test("an image that is all of its limits is made", async () => {
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#123" } })
    .png()
    .toBuffer();
  const limits = { ...renderContext.limits, pixels: 2400, steps: 1 };
  expect(await render(bytes, { steps: [{ flip: { horizontal: true, vertical: false } }] }, { limits })).toMatchObject({
    width: 60,
  });
  await expect(render(bytes, {}, { limits: { ...limits, pixels: 2399 } })).rejects.toMatchObject({ code: "ELIMIT" });
});
