import { expect, test } from "vitest";
import {
  animation,
  blue,
  expectColour,
  green,
  type Pixel,
  pixelsOf,
  plain,
  quadrants,
  red,
} from "../../testing/pictures.ts";

const source = await quadrants(60, 40).png().toBuffer();

test.each<[string, readonly (readonly [x: number, y: number, colour: Pixel])[]]>([
  [
    "e-colorize-co-0000FF_in-100",
    [
      [5, 5, [0, 0, 255]],
      [55, 35, [0, 0, 255]],
    ],
  ],
  ["e-colorize-in-50", [[5, 5, [174, 79, 79]]]],
  ["e-colorize", [[5, 5, [128, 128, 128]]]],
  ["e-colorize-co-00000050_in-50", [[5, 5, [165, 23, 23]]]],
  ["e-colorize-in-0", [[5, 5, red]]],
  // The gradient is drawn over the picture, and ends where its stop is.
  [
    "e-gradient",
    [
      [30, 0, [253, 251, 251]],
      [30, 39, [227, 217, 39]],
    ],
  ],
  [
    "e-gradient-ld-top_from-000000_to-FFFFFF",
    [
      [30, 0, [252, 252, 252]],
      [30, 39, [3, 3, 3]],
    ],
  ],
  [
    "e-gradient-ld-90_from-000000_to-FFFFFF_sp-0.5",
    [
      [15, 20, [132, 132, 132]],
      [31, 20, [255, 255, 255]],
    ],
  ],
  [
    "e-gradient-ld-left_from-000000_to-FFFFFF_sp-15",
    [
      [52, 20, [128, 128, 128]],
      [40, 20, [255, 255, 255]],
    ],
  ],
  [
    "e-gradient-ld-left_from-000000_to-FFFFFF_sp-iw_div_4",
    [
      [52, 20, [128, 128, 128]],
      [40, 20, [255, 255, 255]],
    ],
  ],
  ["e-gradient-from-000000_to-FFFFFF_sp-0", [[5, 5, [255, 255, 255]]]],
  ["e-gradient-ld-45_from-000000_to-FFFFFF_sp-65535", [[59, 0, [0, 0, 0]]]],
  // Lightness stays: a dark blue becomes a dark red.
  [
    "cr-FF0000_10_1E1EDC",
    [
      [5, 35, [178, 0, 0]],
      [5, 5, red],
    ],
  ],
  [
    "cr-FF0000_0_1E1EDC",
    [
      [5, 35, [178, 0, 0]],
      [5, 5, red],
    ],
  ],
  ["cr-FF0000_0_1E1EDB", [[5, 35, blue]]],
  ["cr-000000_100_1EC81E", [[55, 5, [168, 168, 168]]]],
  [
    "cr-FF000000_10_1E1EDC",
    [
      [5, 35, [178, 0, 0, 0]],
      [5, 5, red],
    ],
  ],
])("%s", async (text, expected) => {
  const { at } = await pixelsOf(text, source);
  for (const [x, y, colour] of expected) expectColour(at(x, y), colour);
});

test("without another colour, that of most pixels is replaced, transparent ones not counted", async () => {
  const mostly = await plain(60, 40, "#1e1edc")
    .composite([{ input: await plain(20, 40, "#1ec81e").png().toBuffer(), left: 0, top: 0 }])
    .extend({ top: 0, bottom: 200, left: 0, right: 0, background: "#00000000" })
    .png()
    .toBuffer();
  const { at } = await pixelsOf("cr-FF0000_10", mostly);
  expectColour(at(50, 5), [178, 0, 0]);
  expectColour(at(5, 5), green);
  expectColour(at(5, 100), [0, 0, 0, 0]);
});

test("every frame of an animation is recoloured", async () => {
  const playing = await animation([red, blue], 20, 20).gif().toBuffer();
  const text = "cr-00FF00_5_DC1E1E,e-colorize-co-000000_in-50,e-gradient-from-FFFFFF00_to-FFFFFF00";
  const { at } = await pixelsOf(text, playing, "f-webp,lo-true");
  expectColour(at(10, 10, 0), [0, 71, 0], 12);
  expectColour(at(10, 10, 1), [15, 15, 110], 12);
});

test("grey levels keep their order whatever colour they get", async () => {
  const { at } = await pixelsOf("cr-0000FF_100_808080", await plain(4, 4, "#404040").png().toBuffer());
  const lighter = await pixelsOf("cr-0000FF_100_808080", await plain(4, 4, "#606060").png().toBuffer());
  expect(at(1, 1)[2]).toBeLessThan(lighter.at(1, 1)[2]);
});
