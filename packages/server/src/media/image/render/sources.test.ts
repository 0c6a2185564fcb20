import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { avifOfTwo, heicOfTwo, heicQuadrants, heicTurned } from "../../testing/heif-pictures.ts";
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
  renderPixels,
  yellow,
} from "../../testing/pictures.ts";
import { storedWith, tiffOf } from "../../testing/stored-pictures.ts";
import type { StepParameters } from "../plan/step-parameters.ts";

const half: StepParameters = { size: { width: 0.5 } };
/** The first step leaves the picture undecoded, the second doesn't. */
const ways: readonly [string, StepParameters][] = [
  ["scaled", half],
  ["scaled and flipped", { ...half, flip: { horizontal: true, vertical: true } }],
];

describe.each(["jpeg", "png", "webp", "gif", "avif", "tiff"] as const)("%s", (format) => {
  test.each(ways)("is decoded and %s", async (_, step) => {
    const source = await quadrants(64, 48).toFormat(format, { quality: 100 }).toBuffer();
    const { width, height, at } = await renderPixels(source, [step]);
    expect([width, height]).toEqual([32, 24]);
    const [first, last] = step.flip === undefined ? [red, yellow] : [yellow, red];
    expectColour(at(4, 4), first, 12);
    expectColour(at(27, 19), last, 12);
  });
});

describe.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i", (orientation) => {
  test("is applied before anything else", async () => {
    const source = await storedWith(orientation);
    const cut = await renderPixels(source, [
      { mode: "extract", size: { width: 20, height: 20 }, x: 25, y: 15 },
      { size: { width: 10 } },
    ]);
    expect([cut.width, cut.height]).toEqual([10, 10]);
    for (const [x, y, colour] of [
      [0, 0, red],
      [9, 0, green],
      [0, 9, blue],
      [9, 9, yellow],
    ] as const) {
      expectColour(cut.at(x, y), colour, 16);
    }
    const scaled = await render(source, { steps: [half], output: { format: "jpeg", keepMetadata: true } });
    expect([scaled.width, scaled.height]).toEqual([30, 20]);
    expect((await sharp(scaled.data).metadata()).orientation ?? 1).toBe(1);
    expectColour((await readPixels(scaled.data)).at(3, 3), red, 16);
    expectColour((await readPixels(scaled.data)).at(26, 3), green, 16);
  });
});

test("an account may leave orientations alone, and a step may ask for them all the same", async () => {
  const source = await storedWith(6);
  const context = { settings: { ...renderContext.settings, autoOrient: false } };
  const lying = await render(source, {}, context);
  expect([lying.width, lying.height]).toEqual([40, 60]);
  const upright = await render(source, { autoOrient: true }, context);
  expect([upright.width, upright.height]).toEqual([60, 40]);
});

describe("colours", () => {
  const colour: Pixel = [0xff, 0x80, 0x40];
  const picture = () => plain(20, 20, "#ff8040").removeAlpha();

  test.each([
    ["16 bits", () => plain(20, 20, "#ff804080").toColourspace("rgb16").png(), [...colour, 0x80], 2],
    ["CMYK", () => picture().toColourspace("cmyk").jpeg({ quality: 100 }), colour, 40],
    ["CMYK with its profile", () => picture().withIccProfile("cmyk").jpeg({ quality: 100 }), colour, 40],
    ["a wide gamut", () => picture().withIccProfile("p3").png(), colour, 3],
    ["grey", () => plain(20, 20, "#777").removeAlpha().toColourspace("b-w").png(), [0x77, 0x77, 0x77], 2],
    ["grey with alpha", () => plain(20, 20, "#7778").toColourspace("b-w").png(), [0x77, 0x77, 0x77, 0x88], 2],
    ["a palette", () => plain(20, 20, "#ff804080").png({ palette: true }), [...colour, 0x80], 2],
  ] as const)("%s become sRGB", async (_, make, expected, tolerance) => {
    const source = await make().toBuffer();
    for (const [, step] of ways)
      expectColour((await renderPixels(source, [step])).at(5, 5), expected as unknown as Pixel, tolerance);
    for (const format of ["jpeg", "png", "webp", "avif"] as const) {
      const { data } = await render(source, { output: { format } });
      const metadata = await sharp(data).metadata();
      expect([metadata.depth, metadata.icc]).toEqual(["uchar", undefined]);
      expect(["srgb", "b-w"]).toContain(metadata.space);
    }
  });

  test("padding is coloured around a grey picture", async () => {
    const grey = await plain(20, 20, "#777").removeAlpha().toColourspace("b-w").png().toBuffer();
    const background = { kind: "colour", colour: { r: 255, g: 0, b: 0, alpha: 1 } } as const;
    const { at } = await renderPixels(grey, [{ mode: "pad_resize", size: { width: 40, height: 20 }, background }]);
    expectColour(at(2, 2), [255, 0, 0]);
    expectColour(at(20, 10), [0x77, 0x77, 0x77]);
  });
});

/** Shows every frame for as long as the format can say, and repeats all frames as often as it can say. */
function withLongestPauses(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf("ANMF"); at !== -1; at = changed.indexOf("ANMF", at + 1)) {
    changed.writeUIntLE(0xff_ffff, at + 20, 3);
  }
  const graphicControl = "!\xf9\x04";
  for (let at = changed.indexOf(graphicControl, 0, "latin1"); at !== -1; ) {
    changed.writeUInt16LE(0xffff, at + 4);
    at = changed.indexOf(graphicControl, at + 1, "latin1");
  }
  const repeats = bytes.includes("ANIM") ? bytes.indexOf("ANIM") + 12 : bytes.indexOf("NETSCAPE2.0") + 13;
  changed.writeUInt16LE(0xffff, repeats);
  return changed;
}

describe.each(["gif", "webp"] as const)("an animated %s", (format) => {
  const make = () =>
    animation([red, green, blue], 60, 40)
      .toFormat(format, { delay: [100, 200, 300], loop: 3, ...(format === "webp" && { lossless: true }) })
      .toBuffer();
  const playing = { delay: [100, 200, 300], loop: 3, pages: 3 };

  test.each<[string, StepParameters, readonly [number, number]]>([
    ["scaled", half, [30, 20]],
    ["cropped", { size: { width: 20, height: 20 } }, [20, 20]],
    [
      "extracted by saliency",
      { mode: "extract", size: { width: 20, height: 20 }, focus: { kind: "saliency" } },
      [20, 20],
    ],
    ["padded", { mode: "pad_resize", size: { width: 60, height: 60 } }, [60, 60]],
    ["turned", { rotation: 90 }, [40, 60]],
    ["turned a little", { rotation: 30 }, [72, 65]],
    ["rounded", { radius: ["max", "max", "max", "max"] }, [60, 40]],
    ["framed and blurred", { border: { width: 2, colour: { r: 0, g: 0, b: 0, alpha: 1 } }, blur: 3 }, [64, 44]],
    ["trimmed", { trim: 10, ...half }, [30, 20]],
    [
      "faded upon a background",
      { opacity: 100, background: { kind: "colour", colour: { r: 0, g: 0, b: 0, alpha: 1 } } },
      [60, 40],
    ],
  ])("still plays when it is %s", async (_, step, [width, height]) => {
    const source = await make();
    for (const webp of [true, false]) {
      const { data, contentType, ...size } = await render(
        source,
        { steps: [step] },
        { accepted: { webp, avif: true } },
      );
      expect([contentType, size]).toEqual([webp ? "image/webp" : "image/gif", { width, height }]);
      expect(await sharp(data).metadata()).toMatchObject({ width, height, ...playing });
      const { at } = await readPixels(data);
      for (const [frame, colour] of [red, green, blue].entries()) {
        expectColour(at(Math.floor(width / 2), Math.floor(height / 2), frame), colour, 30);
      }
    }
  });

  test("is made though it pauses or repeats for longer than can be written", async () => {
    const source = withLongestPauses(await make());
    for (const webp of [true, false]) {
      const { data } = await render(source, { steps: [half] }, { accepted: { webp, avif: false } });
      const { delay = [], loop = 0, pages } = await sharp(data).metadata();
      expect(pages).toBe(3);
      expect(Math.min(...delay)).toBeGreaterThan(60_000);
      expect(loop).toBeGreaterThan(65_000);
    }
  });

  test("has frames that are worked on one by one", async () => {
    const { data } = await render(await make(), { steps: [{ blur: 20 }, { sharpen: 90 }, { rotation: 180 }] });
    const { at } = await readPixels(data);
    for (const [frame, colour] of [red, green, blue].entries()) {
      for (const y of [0, 39]) expectColour(at(30, y, frame), colour, 30);
    }
  });

  test("becomes one frame in a format that doesn't play, and where one is asked for", async () => {
    const source = await make();
    for (const still of ["jpeg", "png", "avif"] as const) {
      const { data, contentType } = await render(source, { output: { format: still } });
      expect(contentType).toBe(`image/${still}`);
      expectColour((await readPixels(data)).at(30, 20), red, 12);
    }
    const second = await render(source, { page: 2, output: { format: "png" } });
    expectColour((await readPixels(second.data)).at(30, 20), green, 12);
    const first = await render(source, { still: true }, { accepted: { webp: true, avif: false } });
    expect((await sharp(first.data).metadata()).pages ?? 1).toBe(1);
    await expect(render(source, { page: 4 })).rejects.toMatchObject({ code: "ETRANSFORMATION" });
  });
});

test("of a file with several pages the first is shown, or the one asked for, in its own size", async () => {
  const tiff = tiffOf([
    { width: 10, height: 10, colour: red },
    { width: 30, height: 20, colour: blue },
  ]);
  expect((await sharp(tiff).metadata()).pages).toBe(2);
  for (const [page, colour, width, height] of [
    [undefined, red, 10, 10],
    [1, red, 10, 10],
    [2, blue, 30, 20],
  ] as const) {
    const asked = page === undefined ? {} : { page };
    const shown = await render(tiff, { ...asked, output: { format: "png", lossless: true } });
    expect([shown.width, shown.height]).toEqual([width, height]);
    expectColour((await readPixels(shown.data)).at(5, 5), colour);
    const scaled = await render(tiff, { ...asked, steps: [half] });
    expect([scaled.width, scaled.height]).toEqual([width / 2, height / 2]);
  }
});

test("of a file with several pictures the primary one is shown", async () => {
  for (const [, step] of ways) {
    const { width, height, at } = await renderPixels(avifOfTwo, [step]);
    expect([width, height]).toEqual([32, 24]);
    expectColour(at(4, 4), step.flip === undefined ? red : yellow, 16);
  }
});

test("of a file with several pictures each one can be asked for", async () => {
  for (const [page, colour] of [
    [1, blue],
    [2, red],
  ] as const) {
    const { data } = await render(avifOfTwo, { page, output: { format: "png", lossless: true } });
    expectColour((await readPixels(data)).at(4, 4), colour, 16);
  }
  await expect(render(avifOfTwo, { page: 3 })).rejects.toMatchObject({ code: "ETRANSFORMATION" });
});

describe("HEIC", () => {
  test.each([
    ["the primary one is shown", {}, 48],
    ["the first can be asked for", { page: 1 }, 48],
    ["the second can be asked for", { page: 2 }, 64],
  ])("with several pictures: %s", async (_, asked, height) => {
    const { data, ...size } = await render(heicOfTwo, { ...asked, output: { format: "png", lossless: true } });
    expect(size).toMatchObject({ width: 64, height });
    expectColour((await readPixels(data)).at(10, height === 48 ? 10 : 18), red, 16);
  });

  test("refuses a picture that isn't there", async () => {
    await expect(render(heicOfTwo, { page: 3 })).rejects.toMatchObject({ code: "ETRANSFORMATION" });
    await expect(render(heicQuadrants, { page: 2 })).rejects.toMatchObject({ code: "ETRANSFORMATION" });
  });

  test("is turned once, although both the file and its metadata say so", async () => {
    const { width, height, at } = await renderPixels(heicTurned, [half]);
    expect([width, height]).toEqual([24, 32]);
    for (const [x, y, colour] of [
      [3, 3, blue],
      [20, 3, red],
      [3, 28, yellow],
      [20, 28, green],
    ] as const) {
      expectColour(at(x, y), colour, 16);
    }
    const { data } = await render(heicTurned, { output: { format: "jpeg", keepMetadata: true } });
    expect((await sharp(data).metadata()).orientation ?? 1).toBe(1);
  });

  test.each(ways)("is decoded and %s", async (_, step) => {
    const { width, height, at } = await renderPixels(heicQuadrants, [step]);
    expect([width, height]).toEqual([32, 24]);
    const [first, last] = step.flip === undefined ? [red, yellow] : [yellow, red];
    expectColour(at(4, 4), first, 12);
    expectColour(at(27, 19), last, 12);
  });

  test("becomes what every client takes, or WebP", async () => {
    expect((await render(heicQuadrants, {})).contentType).toBe("image/jpeg");
    expect((await render(heicQuadrants, { output: { format: "orig" } })).contentType).toBe("image/jpeg");
    const accepted = { webp: true, avif: true };
    expect((await render(heicQuadrants, {}, { accepted })).contentType).toBe("image/webp");
  });

  test("that is broken or beyond the limits is refused, and whoever goes away stops the decoder", async () => {
    const { limits } = renderContext;
    await expect(render(heicQuadrants.subarray(0, 600), {})).rejects.toMatchObject({ code: "EINVALID" });
    await expect(render(heicQuadrants, {}, { limits: { ...limits, pixels: 1000 } })).rejects.toMatchObject({
      code: "ELIMIT",
    });
    await expect(render(heicQuadrants, {}, { limits: { ...limits, milliseconds: 20 } })).rejects.toMatchObject({
      code: "ETIME",
    });
    await expect(render(heicQuadrants, {}, {}, AbortSignal.timeout(20))).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});
