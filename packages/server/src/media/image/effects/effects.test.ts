import sharp from "sharp";
import { expect, test } from "vitest";
import {
  blue,
  expectColour,
  green,
  type Pixel,
  plain,
  quadrants,
  readPixels,
  red,
  render,
  renderPixels,
  yellow,
} from "../../testing/pictures.ts";
import type { StepParameters } from "../plan/step-parameters.ts";
import { turnedSize } from "./rotation.ts";

const source = await quadrants(60, 40).png().toBuffer();
const clear: Pixel = [0, 0, 0, 0];
const white: Pixel = [255, 255, 255, 255];
const whiteColour = { r: 255, g: 255, b: 255, alpha: 1 };
const onWhite: StepParameters = { background: { kind: "colour", colour: whiteColour } };

function corners({ at, width, height }: Awaited<ReturnType<typeof renderPixels>>): Pixel[] {
  const [right, bottom] = [width - 1, height - 1];
  return [at(0, 0), at(right, 0), at(0, bottom), at(right, bottom)];
}

test.each<[string, StepParameters, readonly [number, number], readonly Pixel[]]>([
  ["fl-h", { flip: { horizontal: true, vertical: false } }, [60, 40], [green, red, yellow, blue]],
  ["fl-v", { flip: { horizontal: false, vertical: true } }, [60, 40], [blue, yellow, red, green]],
  ["fl-h_v", { flip: { horizontal: true, vertical: true } }, [60, 40], [yellow, blue, green, red]],
  ["rt-90", { rotation: 90 }, [40, 60], [blue, red, yellow, green]],
  ["rt-180", { rotation: 180 }, [60, 40], [yellow, blue, green, red]],
  ["rt-N90", { rotation: -90 }, [40, 60], [green, yellow, red, blue]],
  ["rt-360", { rotation: 360 }, [60, 40], [red, green, blue, yellow]],
  [
    "flip, then rotation",
    { flip: { horizontal: true, vertical: false }, rotation: 90 },
    [40, 60],
    [yellow, green, blue, red],
  ],
  ["b-5 in white", { border: { width: 5, colour: whiteColour } }, [70, 50], [white, white, white, white]],
  ["rt-45", { rotation: 45 }, [71, 71], [clear, clear, clear, clear]],
  ["rt-45 with a background", { rotation: 45, ...onWhite }, [71, 71], [white, white, white, white]],
  ["r-max", { radius: ["max", "max", "max", "max"] }, [60, 40], [clear, clear, clear, clear]],
  ["r-10 at two corners", { radius: [10, 0, 10, 0] }, [60, 40], [clear, green, blue, clear]],
  ["r-10 with a background", { radius: [10, 10, 10, 10], ...onWhite }, [60, 40], [white, white, white, white]],
])("%s", async (_, step, size, expected) => {
  const rendered = await renderPixels(source, [step]);
  expect([rendered.width, rendered.height]).toEqual(size);
  for (const [index, colour] of corners(rendered).entries()) expectColour(colour, expected[index] ?? clear);
});

test("a border lies around the image", async () => {
  const { at } = await renderPixels(source, [{ border: { width: 5, colour: whiteColour } }]);
  for (const [x, y, colour] of [
    [4, 20, white],
    [5, 5, red],
    [64, 44, yellow],
    [65, 44, white],
  ] as const) {
    expectColour(at(x, y), colour);
  }
});

test("rounded corners are quarters of circles, and of an ellipse with max", async () => {
  const round = await renderPixels(plain(100, 60, "#fff"), [{ radius: [20, 20, 20, 20] }]);
  for (const [x, y] of [
    [4, 4],
    [1, 9],
    [98, 9],
    [95, 55],
  ] as const)
    expect(round.at(x, y)[3], `${x} ${y}`).toBe(0);
  for (const [x, y] of [
    [6, 7],
    [20, 0],
    [0, 20],
    [93, 52],
  ] as const)
    expect(round.at(x, y)[3], `${x} ${y}`).toBeGreaterThan(250);
  const ellipse = await renderPixels(plain(100, 60, "#fff"), [{ radius: ["max", "max", "max", "max"] }]);
  for (const [x, y] of [
    [12, 6],
    [3, 14],
    [88, 53],
  ] as const)
    expect(ellipse.at(x, y)[3], `${x} ${y}`).toBe(0);
  for (const [x, y] of [
    [16, 10],
    [50, 0],
    [0, 30],
  ] as const)
    expect(ellipse.at(x, y)[3], `${x} ${y}`).toBeGreaterThan(200);
  const clamped = await renderPixels(plain(100, 60, "#fff"), [{ radius: [500, 500, 500, 500] }]);
  expect(clamped.at(30, 0)[3]).toBeGreaterThan(200);
  expect(clamped.at(5, 10)[3]).toBe(0);
});

test("turned images have the size that was planned", async () => {
  for (const degrees of [1, 33, 45.5, 89, 123, 200, 271, 359]) {
    for (const [width, height] of [
      [60, 40],
      [101, 77],
      [7, 300],
    ] as const) {
      const { data, info } = await sharp(await plain(width, height, "#fff").raw().toBuffer(), {
        raw: { width, height, channels: 4 },
      })
        .rotate(degrees, { background: "#0000" })
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height], `${width} x ${height} by ${degrees}`).toEqual(
        Object.values(turnedSize({ width, height }, degrees)),
      );
      expect(data.length).toBe(info.width * info.height * 4);
    }
  }
});

test("opacity is multiplied with what is there, and blended where there is a background", async () => {
  const half = await renderPixels(source, [{ opacity: 50 }]);
  expectColour(half.at(5, 5), [...red.slice(0, 3), 128] as unknown as Pixel);
  const quarter = await renderPixels(plain(10, 10, "#ff000080"), [{ opacity: 50 }]);
  expectColour(quarter.at(5, 5), [255, 0, 0, 64]);
  const blended = await renderPixels(plain(10, 10, "#000"), [{ opacity: 40, ...onWhite }]);
  expectColour(blended.at(5, 5), [153, 153, 153, 255]);
  const through = { kind: "colour", colour: { r: 255, g: 255, b: 255, alpha: 0.5 } } as const;
  expectColour((await renderPixels(plain(10, 10, "#000"), [{ opacity: 0, background: through }])).at(5, 5), white);
});

test("a background lies under what is transparent, as opaque as it is itself", async () => {
  const picture = plain(10, 10, "#ff000080");
  expectColour((await renderPixels(picture.clone(), [onWhite])).at(5, 5), [255, 127, 127, 255]);
  const through = { kind: "colour", colour: { r: 255, g: 255, b: 255, alpha: 0.5 } } as const;
  expectColour((await renderPixels(picture.clone(), [{ background: through }])).at(5, 5), [255, 85, 85, 191]);
  expectColour((await renderPixels(source, [onWhite])).at(5, 5), red);
});

test("a background that is transparent itself is laid once, wherever it shows", async () => {
  const background = { kind: "colour", colour: { r: 255, g: 0, b: 0, alpha: 0.5 } } as const;
  const once: Pixel = [255, 0, 0, 128];
  const wide: StepParameters = { size: { width: 120, height: 40 }, mode: "pad_resize", background };
  const padded = await renderPixels(source, [wide]);
  expectColour(padded.at(5, 20), once);
  expectColour(padded.at(40, 10), red);
  const extracted = await renderPixels(source, [{ ...wide, mode: "pad_extract" }]);
  expectColour(extracted.at(5, 20), once);
  const through = await renderPixels(plain(60, 40, "#0000ff80"), [wide]);
  expectColour(through.at(5, 20), once);
  // Blue at 50 % over red at 50 %.
  expectColour(through.at(60, 20), [85, 0, 170, 191]);
  const rounded = await renderPixels(source, [{ ...wide, radius: [20, 20, 20, 20] }]);
  for (const [x, y] of [
    [0, 0],
    [20, 20],
  ] as const) {
    expectColour(rounded.at(x, y), once);
  }
  const turned = await renderPixels(source, [{ rotation: 45, background }]);
  expectColour(turned.at(0, 0), once);
});

test("grayscale takes the colour out and leaves the transparency", async () => {
  const { at } = await renderPixels(plain(10, 10, "#ff000080"), [{ grayscale: true }]);
  const [r, g, b, alpha] = at(5, 5);
  expect([g, b, alpha]).toEqual([r, r, 0x80]);
  expect((await renderPixels(source, [{ grayscale: true }])).at(5, 5).slice(0, 2)).not.toEqual(red.slice(0, 2));
});

test("contrast stretches to black and white", async () => {
  const grey = plain(100, 10, "#606060").composite([
    { input: { create: { width: 50, height: 10, channels: 3, background: "#a0a0a0" } }, left: 50, top: 0 },
  ]);
  const { at } = await renderPixels(grey, [{ contrast: true }]);
  expectColour(at(10, 5), [0, 0, 0, 255], 12);
  expectColour(at(90, 5), white, 12);
});

/** A picture that is dark left of x = 50 and light right of it. */
const edge = () =>
  plain(100, 20, "#404040").composite([
    { input: { create: { width: 50, height: 20, channels: 3, background: "#c0c0c0" } }, left: 50, top: 0 },
  ]);
const greyAt = async (step: StepParameters, x: number) => (await renderPixels(edge(), [step])).at(x, 10)[0];

test("blur softens edges, the more the larger it is", async () => {
  expect(await greyAt({}, 48)).toBe(0x40);
  const [little, much] = [await greyAt({ blur: 2 }, 45), await greyAt({ blur: 20 }, 45)];
  expect(little).toBeLessThan(0x44);
  expect(much).toBeGreaterThan(0x60);
  expect(await greyAt({ blur: 20 }, 1)).toBe(0x40);
});

test("sharpening makes the dark side of an edge darker, the more the stronger it is", async () => {
  const [soft, strong] = [await greyAt({ sharpen: 5 }, 48), await greyAt({ sharpen: 99 }, 46)];
  expect(soft).toBeLessThanOrEqual(0x40);
  expect(strong).toBeLessThan(0x3d);
  expect(await greyAt({ sharpen: 99 }, 5)).toBe(0x40);
});

test("an unsharp mask of any numbers is made", async () => {
  for (const unsharp of [
    { sigma: 1e9, amount: 1e9, threshold: 1e9 },
    { sigma: 0, amount: 0, threshold: 0 },
    { sigma: 1, amount: 1e9, threshold: 0 },
  ]) {
    expect(await render(await plain(8, 8, "#123").png().toBuffer(), { steps: [{ unsharp }] })).toMatchObject({
      width: 8,
    });
  }
});

test("an unsharp mask has an amount and a threshold", async () => {
  const mask = { sigma: 2, amount: 0.8, threshold: 0.024 };
  const masked = await greyAt({ unsharp: mask }, 49);
  expect(masked).toBeLessThan(0x34);
  expect(await greyAt({ unsharp: { ...mask, amount: 2 } }, 49)).toBeLessThan(masked);
  expect(await greyAt({ unsharp: { ...mask, threshold: 0.9 } }, 49)).toBe(0x40);
});

test("trim cuts edges of one colour, before anything else is done", async () => {
  const framed = await sharp(source)
    .extend({ top: 7, right: 3, bottom: 5, left: 11, background: "#fafafa" })
    .png()
    .toBuffer();
  const { width, height, at } = await renderPixels(framed, [{ trim: 10 }]);
  expect([width, height]).toEqual([60, 40]);
  expectColour(at(0, 0), red);
  expectColour(at(59, 39), yellow);
  const scaled = await renderPixels(framed, [
    { trim: 10, size: { width: 0.5 }, border: { width: 1, colour: whiteColour } },
  ]);
  expect([scaled.width, scaled.height]).toEqual([32, 22]);
  const uniform = await renderPixels(plain(20, 10, "#123"), [{ trim: 10 }]);
  expect([uniform.width, uniform.height]).toEqual([20, 10]);
  const noisy = plain(20, 20, "#fff").composite([
    { input: { create: { width: 10, height: 10, channels: 3, background: "#ccc" } }, left: 5, top: 5 },
  ]);
  expect((await renderPixels(noisy.clone(), [{ trim: 5 }])).width).toBe(10);
  expect((await renderPixels(noisy.clone(), [{ trim: 50 }])).width).toBe(20);
});

test("what the trim leaves decides whether the rest is possible", async () => {
  const dot = { create: { width: 10, height: 10, channels: 3, background: "#c33" } } as const;
  const long = plain(10, 4000, "#fff").composite([{ input: dot, left: 0, top: 2000 }]);
  const enlarged = await renderPixels(long.clone(), [{ trim: 10, size: { width: 400 } }]);
  expect([enlarged.width, enlarged.height]).toEqual([400, 400]);
  const region = { mode: "extract", size: { width: 20, height: 20 }, xc: 5, yc: 5 } as const;
  const small = plain(40, 40, "#fff").composite([{ input: dot, left: 20, top: 20 }]);
  const cut = await renderPixels(small.clone(), [{ trim: 10, ...region }]);
  expect([cut.width, cut.height]).toEqual([10, 10]);
  const tooLarge = renderPixels(small.clone(), [{ trim: 10 }, { size: { width: 60_000, height: 60_000 } }]);
  await expect(tooLarge).rejects.toMatchObject({ code: "ELIMIT" });
  const outside = renderPixels(small.clone(), [{ trim: 10, ...region, xc: 15 }]);
  await expect(outside).rejects.toMatchObject({ code: "ETRANSFORMATION" });
});

test("later steps work on what the trim has left, each in its turn", async () => {
  const framed = await sharp(source).extend({ top: 10, bottom: 10, background: "#fff" }).png().toBuffer();
  const { width, height, at } = await renderPixels(framed, [{ trim: 10 }, { rotation: 90 }, { size: { width: 0.5 } }]);
  expect([width, height]).toEqual([20, 30]);
  expectColour(at(2, 2), blue);
});

const pad = { mode: "pad_resize", size: { width: 120, height: 40 } } as const;

test("a blurred background is made of the image", async () => {
  const blurred = await renderPixels(source, [
    { ...pad, background: { kind: "blurred", intensity: 10, brightness: 0 } },
  ]);
  expect([blurred.width, blurred.height]).toEqual([120, 40]);
  expectColour(blurred.at(31, 1), red);
  expectColour(blurred.at(88, 38), yellow);
  expectColour(blurred.at(2, 2), red, 30);
  expectColour(blurred.at(117, 37), yellow, 30);
  const brighter = await renderPixels(source, [
    { ...pad, background: { kind: "blurred", intensity: "auto", brightness: 60 } },
  ]);
  expect(brighter.at(2, 2)[1]).toBeGreaterThan(blurred.at(2, 2)[1] + 40);
  expectColour(brighter.at(31, 1), red);
  const elsewhere = await renderPixels(source, [
    { ...pad, mode: "pad_extract", background: { kind: "blurred", intensity: 10, brightness: 0 } },
  ]);
  expectColour(elsewhere.at(2, 2), [0, 0, 0, 255]);
});

test("a dominant background has the colours of the edges", async () => {
  const sky = plain(60, 40, "#3366cc").composite([
    { input: { create: { width: 40, height: 20, channels: 3, background: "#fff" } }, left: 10, top: 10 },
  ]);
  const one = await renderPixels(sky, [{ ...pad, background: { kind: "dominant", colours: 1 } }]);
  expectColour(one.at(2, 2), [0x33, 0x66, 0xcc], 16);
  expectColour(one.at(60, 20), white);
  const two = await renderPixels(
    plain(60, 40, "#ff0000").composite([
      { input: { create: { width: 30, height: 40, channels: 3, background: "#0000ff" } }, left: 30, top: 0 },
    ]),
    [{ ...pad, background: { kind: "dominant", colours: 2 } }],
  );
  expectColour(two.at(1, 20), [255, 0, 0], 20);
  expectColour(two.at(118, 20), [0, 0, 255], 20);
  const four = await renderPixels(source, [{ ...pad, background: { kind: "dominant", colours: 4 } }]);
  for (const [index, colour] of [red, green, blue, yellow].entries())
    expectColour(corners(four)[index] ?? clear, colour, 20);
});

test("an image without any step is written again", async () => {
  const large = await quadrants(60, 40).png({ compressionLevel: 0 }).toBuffer();
  const { data, contentType } = await render(large, {});
  expect(contentType).toBe("image/jpeg");
  expectColour((await readPixels(data)).at(5, 5), red, 10);
  expectColour((await readPixels(data)).at(50, 5), green, 10);
});
