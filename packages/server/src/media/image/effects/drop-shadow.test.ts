import { expect, test } from "vitest";
import { expectColour, type Pixel, pixelsOf, plain } from "../../testing/pictures.ts";

/** A red square of 20 in the middle of a transparent picture of 100. Its foot is at 60. */
const cutOut = await plain(20, 20, "#dc1e1e")
  .extend({ top: 40, bottom: 40, left: 40, right: 40, background: "#00000000" })
  .png()
  .toBuffer();
const red: Pixel = [220, 30, 30, 255];
const clear: Pixel = [0, 0, 0, 0];
const shade = (opacity: number): Pixel => [0, 0, 0, Math.round(opacity * 255)];

test.each<[string, readonly (readonly [x: number, y: number, colour: Pixel])[]]>([
  // The light is in front, on the left: the shadow goes to the right and up, half as far up as it is long.
  [
    "e-dropshadow-az-225_el-30_st-60",
    [
      [50, 50, red],
      [64, 55, shade(0.6)],
      [68, 51, shade(0.6)],
      [64, 63, clear],
      [45, 65, clear],
      [30, 55, clear],
    ],
  ],
  // The light is in front, on the right.
  [
    "e-dropshadow-az-135_el-30_st-60",
    [
      [35, 55, shade(0.6)],
      [69, 55, clear],
    ],
  ],
  // The light is right behind the picture: the shadow lies before it.
  [
    "e-dropshadow-az-0_el-45_st-100",
    [
      [50, 50, red],
      [50, 66, shade(1)],
      [50, 75, clear],
      [36, 65, clear],
    ],
  ],
  // The lower the light, the longer the shadow. What lies outside of the picture is cut off.
  [
    "e-dropshadow-az-0_el-0_st-100",
    [
      [50, 66, shade(1)],
      [50, 99, shade(1)],
    ],
  ],
  // Light from above leaves nothing beside the picture.
  [
    "e-dropshadow-az-90_el-90_st-100",
    [
      [50, 50, red],
      [35, 58, clear],
      [65, 58, clear],
    ],
  ],
  [
    "e-dropshadow-st-0",
    [
      [50, 50, red],
      [64, 55, clear],
    ],
  ],
  [
    "e-dropshadow-az-0_el-45_st-50,bg-FFFFFF",
    [
      [50, 66, [127, 127, 127, 255]],
      [5, 5, [255, 255, 255, 255]],
    ],
  ],
])("%s", async (text, expected) => {
  const { width, height, at } = await pixelsOf(text, cutOut);
  expect([width, height]).toEqual([100, 100]);
  for (const [x, y, colour] of expected) expectColour(at(x, y), colour);
});

test("bare, it falls to the right behind the picture", async () => {
  const { at } = await pixelsOf("e-dropshadow", cutOut);
  expectColour(at(62, 54), shade(0.6), 12);
  expectColour(at(36, 57), clear);
  expectColour(at(50, 63), clear);
});

test("light from exactly beside the picture gives a narrow shadow, not none", async () => {
  for (const [azimuth, x] of [
    [270, 65],
    [90, 34],
  ] as const) {
    const { at } = await pixelsOf(`e-dropshadow-az-${azimuth}_st-100`, cutOut);
    expect(at(x, 59)[3]).toBeGreaterThan(50);
  }
});

test("an opaque picture gets none, nor does an empty one", async () => {
  const opaque = await plain(30, 20, "#dc1e1e").removeAlpha().png().toBuffer();
  expectColour((await pixelsOf("e-dropshadow", opaque)).at(29, 19), red);
  const empty = await plain(30, 20, "#dc1e1e00").png().toBuffer();
  expect((await pixelsOf("e-dropshadow", empty)).at(15, 19)[3]).toBe(0);
});

test("a large picture is done in a thread of its own, and looks alike", async () => {
  const { at } = await pixelsOf("w-1000,h-1000:e-dropshadow-az-0_el-45_st-100", cutOut);
  expectColour(at(500, 660), shade(1));
  expectColour(at(500, 780), clear);
});
