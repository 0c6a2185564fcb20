import { expect, test } from "vitest";
import { expectColour, type Pixel, pixelsOf, plain } from "../../testing/pictures.ts";

/** A red square in a transparent frame. */
const cutOut = await plain(40, 40, "#dc1e1e")
  .extend({ top: 30, bottom: 30, left: 30, right: 30, background: "#00000000" })
  .png()
  .toBuffer();
const red: Pixel = [220, 30, 30, 255];
const clear: Pixel = [0, 0, 0, 0];

test.each<[string, readonly (readonly [x: number, y: number, colour: Pixel])[]]>([
  [
    "e-shadow-bl-0_st-60_x-20_y-10",
    [
      [50, 50, red],
      [80, 60, [0, 0, 0, 153]],
      [50, 77, [0, 0, 0, 153]],
      [25, 50, clear],
    ],
  ],
  [
    "e-shadow-bl-0_st-100_x-N20_y-N10",
    [
      [50, 50, red],
      [20, 40, [0, 0, 0, 255]],
      [40, 22, [0, 0, 0, 255]],
      [75, 75, clear],
    ],
  ],
  [
    "e-shadow-bl-0_x-100",
    [
      [50, 50, red],
      [80, 50, clear],
    ],
  ],
  [
    "e-shadow-st-0",
    [
      [50, 50, red],
      [71, 71, clear],
    ],
  ],
  [
    "e-shadow-bl-0_st-50_x-5_y-5,bg-FFFFFF",
    [
      [50, 50, red],
      [73, 73, [127, 127, 127, 255]],
      [5, 5, [255, 255, 255, 255]],
    ],
  ],
])("%s", async (text, expected) => {
  const { width, height, at } = await pixelsOf(text, cutOut);
  expect([width, height]).toEqual([100, 100]);
  for (const [x, y, colour] of expected) expectColour(at(x, y), colour);
});

test("bare, it is soft and lies a little to the right and below", async () => {
  const { at } = await pixelsOf("e-shadow", cutOut);
  const [beside, further, opposite] = [at(72, 50)[3] ?? 0, at(80, 50)[3] ?? 0, at(27, 50)[3] ?? 0];
  expect(beside).toBeGreaterThan(20);
  expect(beside).toBeLessThan(76);
  expect(further).toBeLessThan(beside);
  expect(opposite).toBeLessThan(beside);
});

test("an opaque picture gets none", async () => {
  const opaque = await plain(30, 20, "#dc1e1e").removeAlpha().png().toBuffer();
  expectColour((await pixelsOf("e-shadow", opaque)).at(29, 19), red);
});

test("a picture of more than two megapixels is refused", async () => {
  const large = await plain(2001, 1000, "#dc1e1e80").png().toBuffer();
  await expect(pixelsOf("e-shadow", large)).rejects.toThrow("e-shadow takes 2000000 pixels at most, not 2001 x 1000");
  expect((await pixelsOf("w-20,e-shadow", large)).width).toBe(20);
});
