import sharp from "sharp";
import { expect, test } from "vitest";
import { namedThumbnails } from "./named-thumbnails.ts";
import { renderThumbnail } from "./render-thumbnail.ts";

const large = namedThumbnails.ik_ml_thumbnail;
const small = namedThumbnails.media_library_thumbnail;
const picture = (width: number, height: number, background = "#c33f") =>
  sharp({ create: { width, height, channels: 4, background } });
const pixelOf = async (bytes: Buffer, left: number, top: number): Promise<number[]> => [
  ...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
];

test.each([
  [900, 600, large, 400, 267],
  [600, 900, large, 267, 400],
  [900, 600, small, 100, 67],
  [300, 200, large, 300, 200],
  [4000, 1, large, 400, 1],
])("%i x %i fits whole and is never enlarged", async (width, height, thumbnail, expectedWidth, expectedHeight) => {
  const bytes = await picture(width, height).removeAlpha().jpeg().toBuffer();
  const rendered = await renderThumbnail(bytes, thumbnail, "none");
  expect(rendered).toMatchObject({ width: expectedWidth, height: expectedHeight, contentType: "image/jpeg" });
  expect(await sharp(rendered.data).metadata()).toMatchObject({
    format: "jpeg",
    chromaSubsampling: "4:4:4",
    width: expectedWidth,
    height: expectedHeight,
  });
});

test("WebP for clients that take it, else PNG where pixels are transparent and JPEG where none is", async () => {
  const opaque = await picture(50, 50, "#c33f").png().toBuffer();
  const transparent = await picture(50, 50, "#c338").png().toBuffer();
  expect((await sharp(opaque).metadata()).hasAlpha).toBe(true);
  expect((await renderThumbnail(opaque, large, "webp")).contentType).toBe("image/webp");
  expect((await renderThumbnail(opaque, large, "none")).contentType).toBe("image/jpeg");
  expect((await renderThumbnail(transparent, large, "webp")).contentType).toBe("image/webp");
  const png = await renderThumbnail(transparent, large, "none");
  expect(png.contentType).toBe("image/png");
  expect(await pixelOf(png.data, 25, 25)).toEqual([0xcc, 0x33, 0x33, 0x88]);
});

test("grey, deep and CMYK pictures come out in sRGB", async () => {
  const sources = [
    picture(50, 50).removeAlpha().toColourspace("b-w").png(),
    picture(50, 50, "#c338").toColourspace("b-w").png(),
    picture(50, 50).toColourspace("rgb16").png(),
    picture(50, 50).removeAlpha().toColourspace("cmyk").jpeg(),
  ];
  for (const source of sources) {
    const bytes = await source.toBuffer();
    for (const format of ["webp", "none"] as const) {
      const metadata = await sharp((await renderThumbnail(bytes, large, format)).data).metadata();
      expect(metadata).toMatchObject({ width: 50, height: 50, depth: "uchar" });
      expect(["srgb", "b-w"]).toContain(metadata.space);
    }
  }
});

const upright = { width: 60, height: 30 };
const isRed = (x: number, y: number): boolean => x < 20 && y < 20;

/** The picture as stored: the EXIF standard says on which visible sides its first row and its first column lie. */
async function storedWith(orientation: number): Promise<Buffer> {
  const sides = [
    "",
    "top left",
    "top right",
    "bottom right",
    "bottom left",
    "left top",
    "right top",
    "right bottom",
    "left bottom",
  ];
  const [row = "", column = ""] = sides[orientation]?.split(" ") ?? [];
  const turned = row === "left" || row === "right";
  const [width, height] = turned ? [upright.height, upright.width] : [upright.width, upright.height];
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < width * height; index += 1) {
    const [r, c] = [Math.floor(index / width), index % width];
    const along = row === "top" || row === "left" ? r : height - 1 - r;
    const across = column === "left" || column === "top" ? c : width - 1 - c;
    pixels[index * 3 + ((turned ? isRed(along, across) : isRed(across, along)) ? 0 : 2)] = 0xff;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .withIccProfile("p3")
    .jpeg({ quality: 100 })
    .toBuffer();
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("orientation %i is applied, and no metadata is left", async (orientation) => {
  const { data } = await renderThumbnail(await storedWith(orientation), large, "none");
  const metadata = await sharp(data).metadata();
  expect(metadata).toMatchObject(upright);
  expect([metadata.orientation, metadata.exif, metadata.icc]).toEqual([undefined, undefined, undefined]);
  for (const [x, y] of [
    [5, 5],
    [50, 5],
    [5, 27],
    [50, 27],
  ] as const) {
    const [red = 0, , blue = 0] = await pixelOf(data, x, y);
    expect(red > blue, `${x}, ${y}`).toBe(isRed(x, y));
  }
});

test("of an animation the first frame is shown", async () => {
  const red = Buffer.alloc(60 * 30 * 3, Buffer.from([0xff, 0, 0]));
  const blue = Buffer.alloc(60 * 30 * 3, Buffer.from([0, 0, 0xff]));
  const frames = sharp(Buffer.concat([red, blue]), { raw: { width: 60, height: 60, channels: 3, pageHeight: 30 } });
  for (const format of ["gif", "webp"] as const) {
    const bytes = await frames.clone().toFormat(format).toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const rendered = await renderThumbnail(bytes, large, "none");
    expect(rendered).toMatchObject({ width: 60, height: 30, contentType: "image/jpeg" });
    expect((await pixelOf(rendered.data, 30, 15))[0]).toBeGreaterThan(200);
  }
});

test.each(["tiff", "avif"] as const)("%s is decoded", async (format) => {
  const bytes = await picture(60, 30).toFormat(format).toBuffer();
  expect(await renderThumbnail(bytes, large, "webp")).toMatchObject({ width: 60, height: 30 });
});

test("more pixels than the limit are refused before they are decoded", async () => {
  const bytes = await picture(60, 40).png().toBuffer();
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  await expect(renderThumbnail(bytes, large, "webp")).rejects.toMatchObject({ name: "MediaError", code: "ELIMIT" });
});

test("what isn't a picture that we decode is refused", async () => {
  const jpeg = await picture(600, 400).removeAlpha().jpeg().toBuffer();
  const refused = [
    Buffer.alloc(0),
    Buffer.from("plain text"),
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`),
    Buffer.from("\x89PNG\r\n\x1a\nnothing", "latin1"),
    Buffer.from("BM\0\0\0\0\0\0\0\0", "latin1"),
    jpeg.subarray(0, 300),
    jpeg.subarray(0, jpeg.length - 500),
  ];
  for (const bytes of refused) {
    for (const format of ["webp", "none"] as const) {
      await expect(renderThumbnail(bytes, large, format)).rejects.toMatchObject({
        name: "MediaError",
        code: "EINVALID",
      });
    }
  }
});
