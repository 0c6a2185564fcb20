import { expect, test } from "vitest";
import {
  blue,
  expectColour,
  green,
  type Pixel,
  plain,
  quadrants,
  red,
  renderPixels,
  yellow,
} from "../../testing/pictures.ts";
import type { Anchor } from "../pixels/geometry.ts";
import type { FramingMode } from "../plan/framing.ts";
import type { StepParameters } from "../plan/step-parameters.ts";

const black: Pixel = [0, 0, 0, 255];
const source = await quadrants(120, 80).png().toBuffer();

interface Expected {
  readonly size: readonly [number, number];
  readonly pixels: readonly (readonly [x: number, y: number, colour: Pixel])[];
}

function step(mode: FramingMode, width: number, height: number, focus?: Anchor): StepParameters {
  return { mode, size: { width, height }, ...(focus && { focus: { kind: "anchor", anchor: focus } }) };
}

const centre: Anchor = { x: 0.5, y: 0.5 };
const left: Anchor = { x: 0, y: 0.5 };
const bottomRight: Anchor = { x: 1, y: 1 };

test.each<[string, StepParameters, Expected]>([
  [
    "maintain_ratio cuts both sides",
    step("maintain_ratio", 40, 40, centre),
    {
      size: [40, 40],
      pixels: [
        [17, 17, red],
        [22, 17, green],
        [17, 22, blue],
        [22, 22, yellow],
      ],
    },
  ],
  [
    "maintain_ratio keeps the left",
    step("maintain_ratio", 40, 40, left),
    {
      size: [40, 40],
      pixels: [
        [27, 5, red],
        [32, 5, green],
        [27, 35, blue],
      ],
    },
  ],
  [
    "maintain_ratio enlarges",
    step("maintain_ratio", 240, 240),
    {
      size: [240, 240],
      pixels: [
        [110, 110, red],
        [130, 110, green],
        [110, 130, blue],
        [130, 130, yellow],
      ],
    },
  ],
  [
    "maintain_ratio_no_enlarge cuts at the source's scale",
    step("maintain_ratio_no_enlarge", 240, 240, left),
    {
      size: [80, 80],
      pixels: [
        [57, 5, red],
        [62, 5, green],
        [57, 75, blue],
        [62, 75, yellow],
      ],
    },
  ],
  [
    "force distorts",
    step("force", 40, 80),
    {
      size: [40, 80],
      pixels: [
        [17, 37, red],
        [22, 42, yellow],
      ],
    },
  ],
  [
    "at_max fits",
    step("at_max", 60, 60),
    {
      size: [60, 40],
      pixels: [
        [27, 17, red],
        [32, 22, yellow],
      ],
    },
  ],
  [
    "at_max never enlarges",
    step("at_max", 600, 600),
    {
      size: [120, 80],
      pixels: [
        [59, 39, red],
        [60, 40, yellow],
      ],
    },
  ],
  ["at_max_enlarge does", step("at_max_enlarge", 240, 240), { size: [240, 160], pixels: [[115, 75, red]] }],
  [
    "at_least covers",
    step("at_least", 40, 40),
    {
      size: [60, 40],
      pixels: [
        [27, 17, red],
        [32, 22, yellow],
      ],
    },
  ],
  [
    "extract cuts at the source's scale",
    step("extract", 20, 20, bottomRight),
    {
      size: [20, 20],
      pixels: [
        [0, 0, yellow],
        [19, 19, yellow],
      ],
    },
  ],
  [
    "extract at x and y",
    { ...step("extract", 20, 20), x: 50, y: 35 },
    {
      size: [20, 20],
      pixels: [
        [9, 4, red],
        [10, 4, green],
        [9, 5, blue],
        [10, 5, yellow],
      ],
    },
  ],
  [
    "extract around xc and yc",
    { ...step("extract", 20, 20), xc: 63, yc: 38 },
    {
      size: [20, 20],
      pixels: [
        [6, 11, red],
        [7, 11, green],
        [6, 12, blue],
        [7, 12, yellow],
      ],
    },
  ],
  [
    "pad_resize pads",
    { ...step("pad_resize", 60, 60), background: { kind: "colour", colour: { r: 9, g: 99, b: 199, alpha: 1 } } },
    {
      size: [60, 60],
      pixels: [
        [30, 9, [9, 99, 199]],
        [27, 12, red],
        [32, 47, yellow],
        [30, 50, [9, 99, 199]],
      ],
    },
  ],
  [
    "pad_resize sticks to a side",
    step("pad_resize", 60, 60, { x: 0.5, y: 1 }),
    {
      size: [60, 60],
      pixels: [
        [30, 19, black],
        [27, 22, red],
        [32, 59, yellow],
      ],
    },
  ],
  [
    "pad_resize_no_enlarge",
    step("pad_resize_no_enlarge", 200, 160),
    {
      size: [200, 160],
      pixels: [
        [39, 80, black],
        [40, 79, red],
        [159, 80, yellow],
        [160, 80, black],
        [99, 39, black],
      ],
    },
  ],
  [
    "pad_extract cuts and pads",
    step("pad_extract", 100, 100),
    {
      size: [100, 100],
      pixels: [
        [0, 9, black],
        [0, 10, red],
        [49, 49, red],
        [50, 50, yellow],
        [99, 89, yellow],
      ],
    },
  ],
  [
    "pad_extract_no_shrink only pads",
    step("pad_extract_no_shrink", 100, 100),
    {
      size: [120, 100],
      pixels: [
        [0, 9, black],
        [0, 10, red],
        [119, 89, yellow],
        [119, 90, black],
      ],
    },
  ],
  [
    "a ratio alone takes the largest part",
    { size: { aspectRatio: 1 }, focus: { kind: "anchor", anchor: { x: 1, y: 0.5 } } },
    {
      size: [80, 80],
      pixels: [
        [19, 5, red],
        [20, 5, green],
        [20, 75, yellow],
      ],
    },
  ],
])("%s", async (_, wanted, { size, pixels }) => {
  const rendered = await renderPixels(source, [wanted]);
  expect([rendered.width, rendered.height]).toEqual(size);
  for (const [x, y, colour] of pixels) expectColour(rendered.at(x, y), colour);
});

test("steps follow one another, each on what the one before has made", async () => {
  const { width, height, at } = await renderPixels(source, [
    step("maintain_ratio", 80, 80, left),
    { ...step("extract", 40, 40), x: 40, y: 40 },
    { size: { width: 0.5 } },
  ]);
  expect([width, height]).toEqual([20, 20]);
  expectColour(at(8, 10), blue);
  expectColour(at(12, 10), yellow);
});

test("a crop may follow a crop", async () => {
  const { width, height, at } = await renderPixels(source, [
    step("maintain_ratio", 40, 40),
    { ...step("extract", 20, 20), x: 15, y: 5 },
    { ...step("extract", 10, 10), x: 0, y: 10 },
  ]);
  expect([width, height]).toEqual([10, 10]);
  for (const [x, y, colour] of [
    [2, 2, red],
    [7, 2, green],
    [2, 7, blue],
    [7, 7, yellow],
  ] as const) {
    expectColour(at(x, y), colour, 10);
  }
});

const subject = plain(200, 100, "#bbb").composite([
  { input: { create: { width: 16, height: 16, channels: 3, background: "#e06030" } }, left: 170, top: 70 },
]);

test.each<[string, StepParameters, readonly [number, number], readonly [number, number]]>([
  ["cut to a ratio", step("maintain_ratio", 50, 50), [50, 50], [39, 39]],
  ["extracted", step("extract", 50, 50), [50, 50], [28, 28]],
])("what draws the eye stays in the picture when it is %s", async (_, wanted, size, at) => {
  const rendered = await renderPixels(subject.clone(), [{ ...wanted, focus: { kind: "saliency" } }]);
  expect([rendered.width, rendered.height]).toEqual(size);
  expectColour(rendered.at(...at), [0xe0, 0x60, 0x30], 40);
});

test("an area that was stored with the file is what is shown, if there is one", async () => {
  const custom: StepParameters = { ...step("maintain_ratio", 20, 20), focus: { kind: "custom", otherwise: "centre" } };
  const area = { left: 70, top: 50, width: 20, height: 20 };
  const shown = await renderPixels(source, [custom], { area });
  for (const [x, y] of [
    [0, 0],
    [19, 19],
  ] as const)
    expectColour(shown.at(x, y), yellow);
  const extracted = await renderPixels(source, [{ ...custom, mode: "extract" }], {
    area: { ...area, left: 50, top: 0 },
  });
  expectColour(extracted.at(9, 5), red);
  expectColour(extracted.at(10, 5), green);
  const without = await renderPixels(source, [custom]);
  expectColour(without.at(8, 8), red);
  expectColour(without.at(12, 12), yellow);
  const salient = await renderPixels(subject.clone(), [
    { ...custom, focus: { kind: "custom", otherwise: "saliency" }, mode: "extract" },
  ]);
  expectColour(salient.at(10, 10), [0xe0, 0x60, 0x30], 40);
});
