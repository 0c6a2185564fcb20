import sharp from "sharp";
import { describe, expect, test } from "vitest";
import {
  animation,
  blue,
  expectColour,
  green,
  quadrants,
  readPixels,
  red,
  render,
  renderContext,
} from "../../testing/pictures.ts";
import type { ImageTransformation } from "../plan/plan.ts";
import { insert, pngChunk, pngHeaderEnd, secret, secretive, secretiveJpeg } from "../strip/testing/secrets.ts";

/** Options that write a picture so coarsely that writing it again makes it larger. */
const coarse = { quality: 10, mozjpeg: true } as const;
const jpeg = await secretiveJpeg(await secretive(quadrants(300, 200)).jpeg(coarse).toBuffer());
const takesWebp = { accepted: { webp: true, avif: false } };
const isKept = ({ data }: { readonly data: Buffer }): boolean => data.includes("ICC_PROFILE");

test("a picture that would become larger is the source, without anything but its colour profile", async () => {
  const { data, contentType, width, height } = await render(jpeg, {});
  expect([contentType, width, height]).toEqual(["image/jpeg", 300, 200]);
  expect(data.includes(secret)).toBe(false);
  expect(data.length).toBeLessThan((await render(jpeg, { output: { quality: 80 } })).data.length);
  const { exif, xmp, icc } = await sharp(data).metadata();
  expect([exif, xmp, icc !== undefined]).toEqual([undefined, undefined, true]);
  const [kept, source] = await Promise.all([data, jpeg].map((bytes) => sharp(bytes).raw().toBuffer()));
  expect(kept).toEqual(source);
});

describe("a photo that isn't stored upright", async () => {
  const turned = await secretiveJpeg(await secretive(quadrants(300, 200), 6).jpeg(coarse).toBuffer());

  test("is shown upright, and has the size that is shown", async () => {
    const { data, width, height } = await render(turned, {});
    expect([width, height, isKept({ data }), data.includes(secret)]).toEqual([200, 300, true, false]);
    const shown = await readPixels(await sharp(data).autoOrient().png().toBuffer());
    const made = await readPixels((await render(turned, { output: { quality: 95 } })).data);
    expect([shown.width, shown.height]).toEqual([made.width, made.height]);
    for (const [x, y] of [
      [50, 50],
      [150, 50],
      [50, 250],
      [150, 250],
    ] as const) {
      expectColour(shown.at(x, y), made.at(x, y), 20);
    }
  });

  test("stays as it is stored where the account doesn't turn photos", async () => {
    const settings = { ...renderContext.settings, autoOrient: false };
    const { data, width, height } = await render(turned, {}, { settings });
    expect([width, height, isKept({ data })]).toEqual([300, 200, true]);
    expect((await sharp(data).metadata()).orientation).toBeUndefined();
  });

  test("is written upright in formats that not every browser turns", async () => {
    const png = await quadrants(60, 40).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await render(png, {})).toMatchObject({ contentType: "image/jpeg", width: 40, height: 60 });
  });
});

test("what keeps all metadata is the file itself", async () => {
  const alone = await secretive(quadrants(300, 200)).jpeg(coarse).toBuffer();
  expect((await render(alone, { output: { keepMetadata: true } })).data).toEqual(alone);
});

test("what keeps all metadata is no file that clients show in another way than what is made", async () => {
  const inks = await quadrants(300, 200).toColourspace("cmyk").jpeg(coarse).toBuffer();
  const played = insert(
    await quadrants(300, 200).png({ palette: true }).toBuffer(),
    pngHeaderEnd,
    pngChunk("acTL", "\0\0\0\x01\0\0\0\0"),
  );
  for (const [bytes, output] of [
    [inks, { keepMetadata: true }],
    [played, { keepMetadata: true, format: "orig" }],
  ] as const) {
    expect((await render(bytes, { output })).data).not.toEqual(bytes);
  }
});

test.each<[string, Partial<ImageTransformation>]>([
  ["a size", { steps: [{ size: { width: 100 } }] }],
  ["an effect", { steps: [{ sharpen: 10 }] }],
  ["a rotation", { steps: [{ rotation: 180 }] }],
  ["a border", { steps: [{ border: { width: 1, colour: { r: 0, g: 0, b: 0, alpha: 1 } } }] }],
  ["a trim", { steps: [{ trim: 10 }] }],
  ["a quality", { output: { quality: 90 } }],
  ["a format", { output: { format: "jpeg" } }],
  ["a progressive JPEG", { output: { progressive: true } }],
  ["a lossless one", { output: { lossless: true } }],
  ["a density", { output: { density: 300 } }],
  ["a page", { page: 1 }],
])("a request for %s gets what is made", async (_, transformation) => {
  const rendered = await render(jpeg, transformation);
  expect(isKept(rendered)).toBe(false);
});

test.each<[string, Partial<ImageTransformation>]>([
  ["the client's best format", { output: { format: "auto" } }],
  ["the file's own format", { output: { format: "orig" } }],
  ["a size that it has already", { steps: [{ size: { width: 300, height: 200 } }] }],
])("a request for %s gets the smaller one", async (_, transformation) => {
  expect(isKept(await render(jpeg, transformation))).toBe(true);
});

test("a drawing that compresses well stays one, whatever the client takes", async () => {
  const png = await quadrants(300, 200).png({ palette: true }).toBuffer();
  const photo = await render(png, {}, takesWebp);
  expect(photo.contentType).toBe(photo.data.length < png.length ? "image/webp" : "image/png");
  expect((await render(png, {})).contentType).toBe("image/png");
});

test("a WebP is kept for clients that take WebP", async () => {
  const webp = await quadrants(300, 200).blur(5).webp({ quality: 1 }).toBuffer();
  expect((await render(webp, {}, takesWebp)).data).toEqual(webp);
  expect((await render(webp, {})).contentType).toBe("image/jpeg");
});

test("an animation is kept whole, and its first frame isn't the animation", async () => {
  const gif = await animation([red, green, blue], 60, 40).gif().toBuffer();
  const { data, contentType } = await render(gif, {});
  expect([contentType, (await sharp(data).metadata()).pages]).toEqual(["image/gif", 3]);
  expect(data.length).toBeLessThanOrEqual(gif.length);
  expect((await render(gif, { still: true })).contentType).toBe("image/jpeg");
});
