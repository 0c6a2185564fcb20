import { parseTransformation, transformationParameters } from "@sluice/grammar";
import sharp, { type Metadata } from "sharp";
import { describe, expect, test } from "vitest";
import {
  animation,
  blue,
  expectColour,
  green,
  type Pixel,
  plain,
  quadrants,
  readPixels,
  red,
  render,
  renderContext,
  yellow,
} from "../../testing/pictures.ts";
import { readTransformation } from "../plan/read-transformation.ts";

/** A picture with red and green above blue and yellow. */
const source = await quadrants(60, 40).png().toBuffer();
const noise = await sharp({
  create: { width: 60, height: 40, channels: 3, background: "#888", noise: { type: "gaussian", mean: 128, sigma: 40 } },
})
  .png()
  .toBuffer();
const framed = await plain(20, 20, "#d22")
  .extend({ top: 10, bottom: 10, left: 10, right: 10, background: "#fff" })
  .png()
  .toBuffer();
const cutOut = await plain(20, 20, "#dc1e1e")
  .extend({ top: 10, bottom: 10, left: 10, right: 10, background: "#00000000" })
  .png()
  .toBuffer();
const seen = await plain(20, 20, "#d2222280").png().toBuffer();
const flat = await quadrants(60, 40).linear(0.5, 60).png().toBuffer();
const turned = await quadrants(60, 40).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
const playing = await animation([red, green], 20, 20).gif().toBuffer();
const tagged = await quadrants(60, 40)
  .withExif({ IFD0: { Artist: "somebody" } })
  .withIccProfile("p3")
  .jpeg()
  .toBuffer();

const white: Pixel = [255, 255, 255];
const black: Pixel = [0, 0, 0];
const clear: Pixel = [0, 0, 0, 0];

interface Shown {
  /** The transformation. The test adds parameters to it that ask for a lossless format. */
  readonly text: string;
  readonly of?: Buffer;
  readonly size: readonly [width: number, height: number];
  readonly at: readonly (readonly [x: number, y: number, colour: Pixel, tolerance?: number])[];
  readonly context?: Parameters<typeof render>[2];
}

/** The effects of each parameter of the first tier on pixels, from the text of the URL on. */
const pixels = {
  al: {
    text: "l-image,i-ik_canvas,bg-FF0000,al-5,w-20,h-20,l-end",
    size: [60, 40],
    at: [
      [21, 11, [237, 15, 15], 2],
      [38, 28, [242, 110, 20], 2],
      [15, 5, red, 0],
    ],
  },
  w: {
    text: "w-30",
    size: [30, 20],
    at: [
      [3, 3, red],
      [27, 17, yellow],
    ],
  },
  h: {
    text: "h-80",
    size: [120, 80],
    at: [
      [5, 5, red],
      [115, 75, yellow],
    ],
  },
  ar: {
    text: "ar-1-1,w-20",
    size: [20, 20],
    at: [
      [2, 2, red],
      [18, 18, yellow],
    ],
  },
  c: {
    text: "w-20,h-20,c-force",
    size: [20, 20],
    at: [
      [2, 2, red],
      [17, 2, green],
      [2, 17, blue],
    ],
  },
  cm: {
    text: "w-60,h-80,cm-pad_resize,bg-FFFFFF",
    size: [60, 80],
    at: [
      [30, 5, white],
      [5, 25, red],
      [30, 75, white],
    ],
  },
  fo: {
    text: "w-20,h-40,fo-left",
    size: [20, 40],
    at: [
      [2, 2, red],
      [18, 2, red],
      [18, 38, blue],
    ],
  },
  x: {
    text: "w-20,h-20,cm-extract,x-40,y-20",
    size: [20, 20],
    at: [
      [1, 1, yellow],
      [18, 18, yellow],
    ],
  },
  y: {
    text: "w-20,h-20,cm-extract,x-0,y-20",
    size: [20, 20],
    at: [
      [1, 1, blue],
      [18, 18, blue],
    ],
  },
  xc: {
    text: "w-20,h-20,cm-extract,xc-50,yc-10",
    size: [20, 20],
    at: [
      [1, 1, green],
      [18, 18, green],
    ],
  },
  yc: {
    text: "w-20,h-20,cm-extract,xc-10,yc-30",
    size: [20, 20],
    at: [
      [1, 1, blue],
      [18, 18, blue],
    ],
  },
  dpr: {
    text: "w-30,dpr-2",
    size: [60, 40],
    at: [
      [5, 5, red],
      [55, 35, yellow],
    ],
  },
  // Zoom is ignored where no face or object is looked for.
  z: {
    text: "w-20,h-20,z-2",
    size: [20, 20],
    at: [
      [2, 2, red],
      [17, 17, yellow],
    ],
  },
  bl: { text: "bl-10", size: [60, 40], at: [[30, 20, [127, 120, 79], 25]] },
  "e-grayscale": {
    text: "e-grayscale",
    size: [60, 40],
    at: [
      [5, 5, [107, 107, 107], 25],
      [55, 5, [171, 171, 171], 40],
    ],
  },
  "e-contrast": {
    text: "e-contrast",
    of: await plain(8, 8, "#777")
      .composite([{ input: await plain(8, 4, "#999").png().toBuffer(), top: 0, left: 0 }])
      .png()
      .toBuffer(),
    size: [8, 8],
    at: [
      [4, 1, white, 20],
      [4, 6, black],
    ],
  },
  cr: {
    text: "cr-1E1EDC_20_DC1E1E",
    size: [60, 40],
    at: [
      [5, 5, [106, 74, 255]],
      [55, 5, green],
      [5, 35, blue],
    ],
  },
  "e-colorize": {
    text: "e-colorize-co-000000_in-50",
    size: [60, 40],
    at: [
      [5, 5, [110, 15, 15], 2],
      [55, 35, [115, 110, 20], 2],
    ],
  },
  "e-gradient": {
    text: "e-gradient-ld-right_from-000000_to-FFFFFF",
    size: [60, 40],
    at: [
      [0, 20, black],
      [30, 20, [129, 129, 129], 4],
      [59, 20, white],
    ],
  },
  "e-shadow": {
    text: "e-shadow-bl-0_st-50_x-25_y-0",
    of: cutOut,
    size: [40, 40],
    at: [
      [12, 20, red],
      [35, 20, [0, 0, 0, 128], 2],
      [5, 20, clear],
    ],
  },
  "e-dropshadow": {
    text: "e-dropshadow-az-270_el-45_st-50",
    of: cutOut,
    size: [40, 40],
    at: [
      [12, 20, red],
      [30, 29, [0, 0, 0, 128], 8],
      [5, 25, clear],
    ],
  },
  "e-distort": {
    text: "e-distort-p-0_0_30_0_30_20_0_20",
    size: [60, 40],
    at: [
      [5, 5, red],
      [25, 15, yellow],
      [40, 30, clear],
    ],
  },
  "e-sharpen": { text: "e-sharpen-80", of: flat, size: [60, 40], at: [[29, 10, [142, 50, 53], 4]] },
  "e-usm": { text: "e-usm-2-2-0.8-0.024", of: flat, size: [60, 40], at: [[29, 10, [162, 68, 69], 4]] },
  t: {
    text: "t-true",
    of: framed,
    size: [20, 20],
    at: [
      [0, 0, red, 20],
      [19, 19, red, 20],
    ],
  },
  b: {
    text: "b-5_FFFFFF",
    size: [70, 50],
    at: [
      [2, 2, white],
      [7, 7, red],
      [67, 47, white],
    ],
  },
  rt: {
    text: "rt-90",
    size: [40, 60],
    at: [
      [2, 2, blue],
      [37, 2, red],
      [37, 57, green],
    ],
  },
  fl: {
    text: "fl-h",
    size: [60, 40],
    at: [
      [2, 2, green],
      [57, 2, red],
    ],
  },
  r: {
    text: "r-20",
    size: [60, 40],
    at: [
      [0, 0, clear],
      [20, 15, red],
      [59, 39, clear],
    ],
  },
  bg: { text: "bg-FFFFFF", of: seen, size: [20, 20], at: [[5, 5, [238, 144, 144], 8]] },
  o: { text: "o-50", size: [60, 40], at: [[5, 5, [220, 30, 30, 128]]] },
  pg: { text: "pg-2", of: playing, size: [20, 20], at: [[5, 5, green, 20]] },
} satisfies Record<string, Shown>;

const written = (text: string) => readTransformation(parseTransformation(text));

test.each(Object.entries<Shown>(pixels))("%s", async (_, { text, of = source, size, at, context }) => {
  const { data, width, height } = await render(of, written(`${text},f-png,lo-true`), context);
  expect([width, height]).toEqual(size);
  const picture = await readPixels(data);
  expect([picture.width, picture.height]).toEqual(size);
  for (const [x, y, colour, tolerance] of at) expectColour(picture.at(x, y), colour, tolerance);
});

/** The effects of other parameters on the file that is written. */
const files = {
  q: async () => expect(await sizeOf(noise, "f-webp,q-10")).toBeLessThan(await sizeOf(noise, "f-webp,q-90")),
  f: async () => expect(await factsOf(source, "f-avif")).toMatchObject({ format: "heif", compression: "av1" }),
  pr: async () => expect(await factsOf(source, "f-jpg,pr-true")).toMatchObject({ isProgressive: true }),
  lo: async () => {
    const { data } = await render(noise, written("f-webp,lo-true"));
    expect(await sharp(data).raw().toBuffer()).toEqual(await sharp(noise).raw().toBuffer());
  },
  cp: async () => {
    expect((await factsOf(tagged, "f-jpg")).icc).toBeUndefined();
    expect((await factsOf(tagged, "f-jpg,cp-true")).icc?.length).toBeGreaterThan(100);
  },
  md: async () => {
    expect((await factsOf(tagged, "f-jpg")).exif).toBeUndefined();
    expect((await factsOf(tagged, "f-jpg,md-true")).exif?.toString("latin1")).toContain("somebody");
  },
  dn: async () => expect((await factsOf(source, "f-png,dn-300")).density).toBe(300),
  c2pa: async () => expect(await sizeOf(source, "f-png,c2pa-true")).toBe(await sizeOf(source, "f-png")),
} satisfies Record<string, () => Promise<void>>;

test.each(Object.entries(files))("%s", async (_, check) => check());

async function sizeOf(of: Buffer, text: string): Promise<number> {
  return (await render(of, written(text))).data.length;
}

async function factsOf(of: Buffer, text: string): Promise<Metadata> {
  return sharp((await render(of, written(text))).data).metadata();
}

/**
 * The first three choose another file, or no rendering at all: `delivery/*.test.ts` tests them. The others are of texts:
 * `text/texts.test.ts`.
 */
const elsewhere = ["n", "di", "orig", "fs", "ff", "co", "ia", "pa", "tg", "lh"];

test("rt-auto turns a picture upright where the account leaves it as it is", async () => {
  const settings = { ...renderContext.settings, autoOrient: false };
  const upright = await readPixels((await render(turned, written("rt-auto,f-png,lo-true"), { settings })).data);
  expect([upright.width, upright.height]).toEqual([40, 60]);
  expectColour(upright.at(3, 3), blue, 12);
});

/**
 * Each mode on the quadrants of 60 by 40: the size of the result, and the colour where its middle column begins and
 * ends.
 */
const modes: Readonly<Record<string, readonly [text: string, width: number, height: number, corner: Pixel]>> = {
  maintain_ratio: ["w-30,h-30", 30, 30, red],
  maintain_ratio_no_enlarge: ["w-90,h-90,c-maintain_ratio_no_enlarge", 40, 40, red],
  force: ["w-30,h-30,c-force", 30, 30, red],
  at_max: ["w-90,h-20,c-at_max", 30, 20, red],
  at_max_enlarge: ["w-90,h-90,c-at_max_enlarge", 90, 60, red],
  at_least: ["w-30,h-30,c-at_least", 45, 30, red],
  pad_resize: ["w-30,h-30,cm-pad_resize,bg-FFFFFF", 30, 30, white],
  pad_resize_no_enlarge: ["w-90,h-90,cm-pad_resize_no_enlarge,bg-FFFFFF", 90, 90, white],
  extract: ["w-10,h-10,cm-extract,fo-bottom_right", 10, 10, yellow],
  pad_extract: ["w-80,h-20,cm-pad_extract,bg-FFFFFF", 80, 20, white],
  pad_extract_no_shrink: ["w-80,h-20,cm-pad_extract_no_shrink,bg-FFFFFF", 80, 40, white],
};

test.each(Object.entries(modes))("%s", async (_, [text, width, height, corner]) => {
  const picture = await readPixels((await render(source, written(`${text},f-png,lo-true`))).data);
  expect([picture.width, picture.height]).toEqual([width, height]);
  expectColour(picture.at(0, 0), corner);
});

describe("nothing is left out", () => {
  test("of the first tier's parameters", () => {
    const first = Object.entries(transformationParameters).filter(([, { tier }]) => tier === "T1");
    expect(new Set([...Object.keys(pixels), ...Object.keys(files), ...elsewhere])).toEqual(
      new Set(first.map(([key]) => key)),
    );
  });

  test("of the crop modes", () => {
    const { c, cm } = transformationParameters;
    const named = [c, cm].flatMap(({ shape }) => [...shape.values.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
    expect(new Set(Object.keys(modes))).toEqual(new Set(named));
  });
});
