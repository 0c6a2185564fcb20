import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BytesByteSource } from "../byte-source.ts";
import { FetchedImage } from "../fetched-image.ts";
import type { ImageEngine } from "../image/image-engine.ts";
import { sniffType } from "../inspect/sniff.ts";
import { MediaError } from "../media-error.ts";
import { StoredByteSource } from "../stored-byte-source.ts";
import { openImages } from "../testing/open-images.ts";
import { describePicture } from "./describe-picture.ts";
import { withSegment } from "./testing/segments.ts";

let images: ImageEngine;
const party = { account: "a", client: "192.0.2.1" };
beforeAll(() => {
  images = openImages();
});
afterAll(() => images.close());

async function describeBytes(
  bytes: Buffer,
  mime?: string,
  engine: Pick<ImageEngine, "fingerprint" | "readHeader" | "render"> = images,
) {
  const content = new BytesByteSource([bytes], bytes.length, undefined);
  const source = { size: bytes.length, open: async () => Readable.from([bytes]) };
  const picture = { mime: mime ?? (await sniffType(bytes)).mime, content, source, party };
  return describePicture(engine, picture, new AbortController().signal);
}

function storedFile(bytes: Buffer) {
  let opened = 0;
  return {
    size: bytes.length,
    opened: () => opened,
    open: async () => {
      opened += 1;
      return Readable.from([bytes]);
    },
    openRange: async ({ start, end }: { start: number; end: number }) =>
      Readable.from([bytes.subarray(start, end + 1)]),
  };
}

/** A picture of random discs and bars: no two pictures are alike, and each has something to recognise. */
function scene(seed: number): Sharp {
  let state = seed;
  const random = (max: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * max);
  };
  const shapes = Array.from({ length: 12 }, () => {
    const fill = `rgb(${random(256)},${random(256)},${random(256)})`;
    return random(2) === 0
      ? `<circle cx="${random(400)}" cy="${random(300)}" r="${30 + random(90)}" fill="${fill}"/>`
      : `<rect x="${random(400)}" y="${random(300)}" width="${random(200)}" height="${random(150)}" fill="${fill}"/>`;
  });
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">${shapes.join("")}</svg>`))
    .flatten({ background: "#888" })
    .png();
}

const hashOf = async (picture: Sharp): Promise<string> => (await describeBytes(await picture.toBuffer()))?.pHash ?? "";

function distance(one: string, other: string): number {
  return (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2).replaceAll("0", "").length;
}

describe("the perceptual hash", () => {
  test("is 64 bits in hex, the same each time", async () => {
    const hash = await hashOf(scene(1));
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(await hashOf(scene(1))).toBe(hash);
  });

  test.each([1, 2, 3, 4])("differs in few bits for a picture in another size, quality or format (%i)", async (seed) => {
    const bytes = await scene(seed).toBuffer();
    const hash = await hashOf(sharp(bytes));
    for (const variant of [
      sharp(bytes).resize(120, 90),
      sharp(bytes).resize(800, 600),
      sharp(bytes).jpeg({ quality: 30 }),
      sharp(bytes).resize(200).webp({ quality: 40 }),
      sharp(bytes).modulate({ brightness: 1.1 }),
      sharp(bytes).blur(2),
    ]) {
      expect(distance(await hashOf(variant), hash)).toBeLessThanOrEqual(6);
    }
  });

  test("waits among what is made for the same client", async () => {
    const asked: unknown[] = [];
    const render: ImageEngine["render"] = (request) => {
      asked.push(request.party);
      return images.render(request);
    };
    await describeBytes(await scene(1).toBuffer(), undefined, { ...images, render });
    expect(asked).toEqual([party]);
  });

  test("differs in many for other pictures", async () => {
    const hashes = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => hashOf(scene(seed))));
    for (const [index, one] of hashes.entries()) {
      for (const other of hashes.slice(index + 1)) expect(distance(one, other)).toBeGreaterThanOrEqual(14);
    }
  });

  test("is left out where the pixels are beyond the limits or broken, and nothing else is", async () => {
    const bytes = await scene(1).toBuffer();
    const bounded = openImages({ limits: { imagePixels: 1000 } });
    expect(await describeBytes(bytes, undefined, bounded)).toMatchObject({ width: 400, format: "png" });
    expect(await describeBytes(bytes, undefined, bounded)).not.toHaveProperty("pHash");
    await bounded.close();
    expect(await describeBytes(bytes.subarray(0, 400))).not.toHaveProperty("pHash");
  });
});

test("a photograph's, in the vendor's names and units", async () => {
  const bytes = await scene(7)
    .withExif({
      IFD0: { Make: "Canon" },
      IFD2: { DateTimeOriginal: "2008:05:30 15:56:01", FNumber: "71/10", Flash: "9" },
      IFD3: { GPSVersionID: "2 2 0 0", GPSLatitude: "48/1 30/1 36/1" },
    })
    .withMetadata({ density: 180 })
    .withIccProfile("p3")
    .jpeg({ quality: 80 })
    .toBuffer();
  const metadata = await describeBytes(bytes);
  expect(metadata).toMatchObject({
    height: 300,
    width: 400,
    size: bytes.length,
    format: "jpg",
    hasColorProfile: true,
    quality: 80,
    density: 180,
    hasTransparency: false,
    exif: {
      image: { Make: "Canon", XResolution: 180, ResolutionUnit: 2, ExifOffset: expect.any(Number) },
      thumbnail: {},
      exif: { ExifVersion: "0210", DateTimeOriginal: "2008:05:30 15:56:01", FNumber: 7.1, Flash: 9 },
      gps: { GPSLatitude: [48, 30, 36] },
      interoperability: {},
      makernote: {},
    },
  });
});

test.each(["png", "webp", "tiff", "avif", "gif"] as const)("of a %s with an alpha channel", async (format) => {
  const picture = sharp({ create: { width: 60, height: 40, channels: 4, background: "#c338" } }).withDensity(144);
  const bytes = await (format === "tiff"
    ? picture.tiff({ compression: "deflate" })
    : picture.toFormat(format)
  ).toBuffer();
  const metadata = await describeBytes(bytes);
  expect(metadata).toMatchObject({
    format,
    hasTransparency: true,
    quality: 0,
    pHash: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  if (format === "png" || format === "tiff") expect(metadata).toHaveProperty("density", 144);
});

describe("the density", () => {
  const jpeg = () =>
    sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } })
      .jpeg()
      .toBuffer();
  /** An EXIF block whose directory states a resolution of 300 and its unit. */
  const inExif = (unit: number): Buffer => {
    const content = Buffer.from("Exif\0\0II*\0\x08\0\0\0\x02\0", "latin1");
    const resolution = Buffer.from("1a010500010000002600000028010300010000000000000000000000", "hex");
    resolution.writeUInt8(unit, 20);
    return Buffer.concat([content, resolution, Buffer.from("2c01000001000000", "hex")]);
  };
  const inJfif = (unit: number, density: number): Buffer => {
    const content = Buffer.from("JFIF\0\x01\x02\0\0\0\0\0\0\0", "latin1");
    content.writeUInt8(unit, 7);
    content.writeUInt16BE(density, 8);
    return content;
  };

  test.each([
    ["dots per inch of EXIF", 0xe1, inExif(2), 300],
    ["dots per centimetre of EXIF", 0xe1, inExif(3), 762],
    ["EXIF's without a unit", 0xe1, inExif(1), undefined],
    ["dots per inch of JFIF", 0xe0, inJfif(1, 300), 300],
    ["none of JFIF", 0xe0, inJfif(1, 0), undefined],
    ["JFIF's without a unit", 0xe0, inJfif(0, 300), undefined],
  ])("%s", async (_, marker, content, expected) => {
    const bytes = withSegment(await jpeg(), marker, content);
    expect((await describeBytes(bytes))?.density).toBe(expected);
  });

  test("none of a PNG", async () => {
    const bytes = await scene(1).withDensity(72).toBuffer();
    bytes.writeUInt32BE(0, bytes.indexOf("pHYs") + 4);
    bytes.write("eXIg", bytes.indexOf("eXIf"));
    expect(await describeBytes(bytes)).not.toHaveProperty("density");
  });
});

test("a plain picture's hash is that of any other plain one", async () => {
  const plain = (background: string) => sharp({ create: { width: 60, height: 40, channels: 3, background } }).png();
  expect(await hashOf(plain("#c33"))).toBe(await hashOf(plain("#282")));
});

describe("of a stored picture that says much of itself", () => {
  const photograph = () =>
    scene(7)
      .withExif({ IFD0: { Make: "Canon" } })
      .withMetadata({ density: 180 })
      .withIccProfile("p3");
  /** A JPEG with long segments in front of the pixels, where cameras put depth maps. */
  const withSegments = async (count: number): Promise<Buffer> =>
    Array.from({ length: count }).reduce<Buffer>(
      (jpeg) => withSegment(jpeg, 0xe1, Buffer.alloc(65_533, "http://ns.adobe.com/xmp/extension/\0")),
      await photograph().jpeg({ quality: 80 }).toBuffer(),
    );
  const animation = () => {
    const [width, height, frames] = [160, 150, 40];
    const pixels = { width, height: height * frames, channels: 3, pageHeight: height } as const;
    return sharp(randomBytes(width * height * frames * 3), { raw: pixels })
      .withExif({ IFD0: { Make: "Canon" } })
      .withIccProfile("p3")
      .webp({ lossless: true })
      .toBuffer();
  };

  test.each([
    ["20 segments", () => withSegments(20)],
    ["40 segments", () => withSegments(40)],
    ["40 frames", animation],
  ])("there are the same as of an uploaded one (%s)", async (_, make) => {
    const bytes = await make();
    const file = storedFile(bytes);
    const { signal } = new AbortController();
    const fetched = new FetchedImage(file, signal);
    const picture = { mime: (await sniffType(bytes)).mime, source: fetched, party };
    const described = await describeBytes(bytes);
    expect(described).toMatchObject({ hasColorProfile: true, exif: { image: { Make: "Canon" } } });
    expect(await describePicture(images, { ...picture, content: fetched }, signal)).toEqual(described);
    expect(file.opened()).toBe(1);
    // The same picture is read like one that is too large to be fetched whole.
    const windowed = { ...picture, content: new StoredByteSource(file, signal) };
    expect(await describePicture(images, windowed, signal)).toEqual(described);
  });

  test("nothing is said of what would have to be fetched without end", async () => {
    const bytes = await withSegments(1);
    const file = { ...storedFile(bytes), openRange: async () => Promise.reject(new MediaError("ELIMIT", "enough")) };
    const content = new StoredByteSource(file, new AbortController().signal);
    const picture = { mime: "image/jpeg", width: 400, height: 300, source: file, content, party };
    await expect(describePicture(images, picture, new AbortController().signal)).rejects.toMatchObject({
      code: "ELIMIT",
    });
  });
});

test("of what isn't a picture, or is a broken one, there are none", async () => {
  const engine = { ...images, render: () => Promise.reject(new Error("Drawn for nothing")) };
  expect(await describeBytes(Buffer.from("%PDF-1.7\n"), undefined, engine)).toBeUndefined();
  expect(await describeBytes(Buffer.from("\xff\xd8\xff\xe0\0\x10JF", "latin1"))).toBeUndefined();
});
