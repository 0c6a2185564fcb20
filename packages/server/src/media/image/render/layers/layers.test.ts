import { parseTransformation, type VariableValues } from "@sluice/grammar";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { MediaError } from "../../../media-error.ts";
import {
  animation,
  blue,
  expectColour,
  green,
  type Pixel,
  pixelsOf,
  plain,
  quadrants,
  readPixels,
  red,
  render,
  renderContext,
  renderPixels,
  yellow,
} from "../../../testing/pictures.ts";
import { black } from "../../pixels/colour.ts";
import { startWork } from "../../pixels/work.ts";
import { nothingAsked } from "../../plan/asked.ts";
import { readTransformation } from "../../plan/read-transformation.ts";
import type { LayerParameters, StepParameters } from "../../plan/step-parameters.ts";
import type { LayerBytes } from "./layer-source.ts";
import { layerRenderer } from "./render-layer.ts";

const small = { size: { width: 30 } };

const file = (bytes: Buffer): LayerBytes => ({ bytes, area: undefined });

/** A red square in a transparent frame of ten pixels. */
const framed = await plain(20, 20, "#dc1e1e")
  .extend({ top: 10, bottom: 10, left: 10, right: 10, background: "#00000000" })
  .png()
  .toBuffer();
const half = await plain(20, 20, "#ff000080").png().toBuffer();
const mosaic = await quadrants(40, 20).png().toBuffer();
const turned = await quadrants(40, 20).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
const broken = mosaic.subarray(0, 60);

const files = new Map([
  ["framed.png", file(framed)],
  ["half.png", file(half)],
  ["mosaic.png", file(mosaic)],
  ["turned.jpg", file(turned)],
  ["broken.png", file(broken)],
  ["playing.gif", file(await animation([yellow, red], 20, 20).gif().toBuffer())],
]);

type Given = Partial<Omit<LayerParameters, "placement" | "content">> & {
  readonly left?: number;
  readonly top?: number;
};

const offset = (distance: number) => ({ kind: "offset", distance, negative: false }) as const;

function placed({ left, top }: Given): LayerParameters["placement"] {
  return {
    lx: left === undefined ? undefined : offset(left),
    ly: top === undefined ? undefined : offset(top),
    focus: { x: 0.5, y: 0.5 },
  };
}

function layer(path: string, { mode = "over", steps = [], ...at }: Given = {}): LayerParameters {
  return { content: { kind: "file", path, autoOrient: false }, steps, mode, placement: placed(at) };
}

function block(width: number, height: number, [r, g, b, alpha = 255]: Pixel, given: Given = {}): LayerParameters {
  const { mode = "over", steps = [], ...at } = given;
  const colour = { r, g, b, alpha: alpha / 255 };
  return { content: { kind: "block", size: { width, height }, colour }, steps, mode, placement: placed(at) };
}

const base = (): Sharp => quadrants(80, 60);
const draw = (steps: readonly StepParameters[], source: Sharp | Buffer = base()) =>
  renderPixels(source, steps, { layers: files });

test("a layer lies where it is placed, and the rest stays as it is", async () => {
  const { width, height, at } = await draw([{ layers: [layer("mosaic.png", { left: 30, top: 5 })] }]);
  expect([width, height]).toEqual([80, 60]);
  expect([at(29, 5), at(30, 4), at(70, 5), at(30, 25)]).toEqual([red, red, green, red].map((c) => [...c, 255]));
  expect([at(30, 5), at(69, 5), at(30, 24), at(69, 24)]).toEqual([red, green, blue, yellow].map((c) => [...c, 255]));
});

test("layers are drawn in their order, and by one pipeline", async () => {
  const layers = [block(40, 40, blue, { left: 0, top: 0 }), block(20, 20, green, { left: 10, top: 10 })];
  const { at } = await draw([{ layers }]);
  expectColour(at(5, 5), blue, 0);
  expectColour(at(15, 15), green, 0);
  expectColour(at(35, 35), blue, 0);
  expectColour(at(41, 5), green, 0);
});

test.each([
  ["half of red over white", "#ffffff", "#ff000080", [255, 127, 127, 255]],
  ["half of red over nothing", "#00000000", "#ff000080", [255, 0, 0, 128]],
  ["half of red over half of blue", "#0000ff80", "#ff000080", [170, 0, 85, 192]],
  ["nothing over a colour", "#10a0f0", "#00000000", [16, 160, 240, 255]],
] as const)("%s is exact in colour and opacity", async (_, below, above, expected) => {
  const over = await plain(20, 20, above).png().toBuffer();
  const layers = new Map([["over.png", file(over)]]);
  const { at } = await renderPixels(plain(20, 20, below), [{ layers: [layer("over.png")] }], { layers });
  expectColour(at(10, 10), expected, 1);
});

test("a layer that sticks out is cut, and one that is larger covers the picture", async () => {
  const { width, height, at } = await draw([{ layers: [block(300, 300, yellow)] }]);
  expect([width, height]).toEqual([80, 60]);
  for (const [x, y] of [
    [0, 0],
    [79, 0],
    [0, 59],
    [79, 59],
  ] as const)
    expectColour(at(x, y), yellow, 0);
  const large = await draw([{ layers: [layer("mosaic.png", { steps: [{ size: { width: 160, height: 120 } }] })] }]);
  // The middle of the layer is seen: 80 x 60 of its 160 x 120 pixels.
  expectColour(large.at(0, 0), red, 40);
  expectColour(large.at(79, 59), yellow, 40);
});

test("a layer has a chain of its own, which is done before it is placed", async () => {
  const steps = [
    { trim: 10, size: { width: 40, height: 40 } },
    { border: { width: 5, colour: { r: 0, g: 0, b: 0, alpha: 1 } } },
  ];
  const { at } = await draw([{ layers: [layer("framed.png", { steps, left: 10, top: 5 })] }]);
  expectColour(at(9, 30), blue, 0);
  expectColour(at(10, 30), [0, 0, 0], 0);
  expectColour(at(14, 30), [0, 0, 0], 0);
  expectColour(at(15, 30), red);
  expectColour(at(54, 30), red);
  expectColour(at(59, 30), [0, 0, 0], 0);
  expectColour(at(60, 30), yellow, 0);
});

test("layers lie in each other, three deep, each placed on the one around it", async () => {
  const inner = block(10, 10, yellow, { left: 5, top: 5 });
  const middle = block(20, 20, green, { left: 5, top: 5, steps: [{ layers: [inner] }] });
  const outer = block(40, 40, blue, { left: 20, top: 10, steps: [{ layers: [middle] }] });
  const { at } = await draw([{ layers: [outer] }]);
  expectColour(at(19, 12), red, 0);
  expectColour(at(24, 14), blue, 0);
  expectColour(at(25, 15), green, 0);
  expectColour(at(30, 20), yellow, 0);
  expectColour(at(39, 29), yellow, 0);
  expectColour(at(40, 30), green, 0);
  expectColour(at(45, 35), blue, 0);
});

test("what a step does to its picture comes before its layers or after them, by the order of a step", async () => {
  const { at, width, height } = await draw([
    {
      grayscale: true,
      size: { width: 40 },
      flip: { horizontal: true, vertical: false },
      layers: [block(10, 10, red, { left: 0, top: 0 })],
    },
  ]);
  expect([width, height]).toEqual([40, 30]);
  expectColour(at(35, 5), red, 0);
  const [r, g, b] = at(5, 5);
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(4);
});

test("later steps work on the picture with its layers", async () => {
  const { at } = await draw([{ layers: [block(40, 30, yellow, { left: 0, top: 0 })] }, { size: { width: 40 } }]);
  expectColour(at(5, 5), yellow, 2);
  expectColour(at(35, 5), green, 2);
});

test("a layer is turned upright as its account says", async () => {
  const { at } = await draw([{ layers: [layer("turned.jpg", { left: 0, top: 0 })] }]);
  // Turned by a quarter, the lower left quadrant comes to the top left.
  expectColour(at(2, 2), blue, 12);
  expectColour(at(17, 2), red, 12);
  expectColour(at(17, 37), green, 12);
  expectColour(at(25, 2), red, 0);
});

test("of an animation a layer shows one frame, and on an animation it lies on every frame", async () => {
  const { at } = await draw([{ layers: [layer("playing.gif", { left: 0, top: 0 })] }]);
  expectColour(at(5, 5), yellow, 4);
  const playing = await animation([red, blue], 40, 40).gif().toBuffer();
  const steps = [{ layers: [block(10, 10, green, { left: 5, top: 5 })] }];
  const { data } = await render(playing, { steps, output: { format: "webp", lossless: true } });
  const frames = await readPixels(data);
  for (const [frame, around] of [red, blue].entries()) {
    expectColour(frames.at(8, 8, frame), green, 8);
    expectColour(frames.at(30, 30, frame), around, 8);
  }
});

test("multiply darkens, cutout takes away, and cutter leaves the layer's shape in the layer's box", async () => {
  const multiplied = await draw([{ layers: [block(40, 40, [128, 128, 128], { mode: "multiply", left: 0, top: 0 })] }]);
  expectColour(multiplied.at(5, 5), [110, 15, 15, 255], 1);
  expectColour(multiplied.at(60, 5), green, 0);

  const cutout = await draw([{ layers: [block(20, 20, [0, 0, 0], { mode: "cutout", left: 10, top: 10 })] }]);
  expect([cutout.width, cutout.height]).toEqual([80, 60]);
  expect(cutout.at(15, 15)[3]).toBe(0);
  expectColour(cutout.at(5, 5), red, 0);

  const shape = {
    steps: [{ radius: ["max", "max", "max", "max"] as const }],
    mode: "cutter",
    left: 30,
    top: 20,
  } as const;
  const cutter = await draw([{ layers: [block(20, 20, [0, 0, 0], shape)] }]);
  expect([cutter.width, cutter.height]).toEqual([20, 20]);
  expect(cutter.at(0, 0)[3]).toBe(0);
  expectColour(cutter.at(5, 7), red, 1);
  expectColour(cutter.at(15, 7), green, 1);
  expectColour(cutter.at(7, 14), blue, 1);
});

test("displace moves what is below by the layer's red and green, where the layer is and as far as it is opaque", async () => {
  const move = (colour: Pixel, x: number, y: number) =>
    draw([{ layers: [block(40, 60, colour, { mode: "displace", left: x, top: y })] }]);
  // The block lies in the middle, from 20 to 60. Full red shows what is 20 px to the right, full green what is below.
  const right = await move([255, 128, 0], 20, 0);
  expect([right.width, right.height]).toEqual([80, 60]);
  expectColour(right.at(19, 5), red, 0);
  expectColour(right.at(21, 5), green, 0);
  expectColour(right.at(61, 5), green, 0);
  const below = await move([128, 255, 0], 0, 30);
  expectColour(below.at(30, 5), blue, 0);
  expectColour(below.at(10, 5), red, 0);
  // Without red, the shift is to the left. The picture's edges go on.
  const left = await move([1, 128, 0], 60, 0);
  expectColour(left.at(59, 5), red, 0);
  const half = await move([255, 128, 0, 128], 20, 0);
  expectColour(half.at(28, 5), red, 0);
  expectColour(half.at(31, 5), green, 0);
});

test("a layer that displaces the picture lies where its focus says, whatever its offsets are", async () => {
  const moved = async (focus: string) => {
    const text = `l-image,i-ik_canvas,w-40,h-60,bg-FF8000,lm-displace,lx-20,lfo-${focus},l-end`;
    return pixelsOf(text, base());
  };
  // The half that the block covers shows what is 20 px to the right.
  const left = await moved("left");
  expectColour(left.at(19, 5), red, 0);
  expectColour(left.at(21, 5), green, 0);
  const right = await moved("right");
  expectColour(right.at(21, 5), red, 0);
});

test("of a map that is larger than the picture, the part that lies on the picture moves pixels", async () => {
  // Of 160 x 120 pixels, the middle 80 x 60 lie on the picture, of which the inner block covers the left half.
  const inner = block(80, 120, [255, 128, 0], { left: 0, top: 0 });
  const map = block(160, 120, [128, 128, 0], { mode: "displace", left: 20, steps: [{ layers: [inner] }] });
  const { at, width, height } = await draw([{ layers: [map] }]);
  expect([width, height]).toEqual([80, 60]);
  expectColour(at(19, 5), red, 0);
  expectColour(at(21, 5), green, 0);
  expectColour(at(41, 5), green, 0);
});

test("drawing a large block doesn't hold up the process", async () => {
  const size = { width: 2000, height: 2000 };
  const content = { kind: "block", colour: { r: 1, g: 2, b: 3, alpha: 0.3 }, ...size } as const;
  const stage = { operations: [], size, asked: nothingAsked };
  const nowhere = { place: () => ({ left: 0, top: 0 }), shift: () => ({ x: 0, y: 0 }) };
  const { limits, askAi } = renderContext;
  const work = startWork(new AbortController().signal, limits);
  const renderLayer = layerRenderer(new Map(), new Map(), limits, work, askAi);
  const done: string[] = [];
  setImmediate(() => done.push("something else"));
  const { data } = await renderLayer({ content, start: size, stage, mode: "over", ...nowhere });
  expect(done).toEqual(["something else"]);
  expect([data.length, ...data.subarray(-4)]).toEqual([2000 * 2000 * 4, 1, 2, 3, 77]);
});

test("a picture with a block is in sRGB and has no profile", async () => {
  const tagged = await quadrants(80, 60).withIccProfile("p3").png().toBuffer();
  const of = (steps: readonly StepParameters[]) =>
    render(tagged, { steps, output: { format: "png", lossless: true, keepProfile: true } });
  const plainly = await of([{ size: { width: 80 } }]);
  expect((await sharp(plainly.data).metadata()).icc).toBeDefined();
  const { data } = await of([{ layers: [block(10, 10, yellow, { left: 0, top: 0 })] }]);
  expect((await sharp(data).metadata()).icc).toBeUndefined();
  const { at } = await readPixels(data);
  expectColour(at(5, 5), yellow, 0);
  expectColour(at(20, 5), red, 12);
});

test("what follows a cutter works on the size that it leaves", async () => {
  const steps = [
    {
      layers: [layer("framed.png", { mode: "cutter", steps: [{ trim: 10 }], left: 0, top: 0 })],
      border: { width: 1, colour: { r: 0, g: 0, b: 0, alpha: 1 } },
    },
    { size: { width: 11 } },
  ];
  const { width, height } = await draw(steps);
  expect([width, height]).toEqual([11, 11]);
});

test("layers behind a cutter lie on what it leaves", async () => {
  const cutter = block(20, 20, [0, 0, 0], { mode: "cutter", left: 30, top: 20 });
  const middle = await draw([{ layers: [cutter, block(10, 10, yellow)] }]);
  expect([middle.width, middle.height]).toEqual([20, 20]);
  expect([middle.at(4, 9), middle.at(5, 5), middle.at(14, 14), middle.at(15, 9)]).toEqual(
    [red, yellow, yellow, green].map((c) => [...c, 255]),
  );
  // The size of a block is reckoned from what is left, and a second cutter cuts that again.
  const fraction = block(0, 0, green, { mode: "cutter", left: 0, top: 0 });
  const size = ({ bw = 0, bh = 0 }: VariableValues) => ({ width: bw / 2, height: bh / 4 });
  const again = { ...fraction, content: { ...fraction.content, kind: "block", size, colour: black } as const };
  const twice = await draw([{ layers: [cutter, again, block(4, 2, yellow)] }]);
  expect([twice.width, twice.height]).toEqual([10, 5]);
  expect([twice.at(3, 1), twice.at(6, 2), twice.at(7, 2)]).toEqual([yellow, yellow, red].map((c) => [...c, 255]));
});

test("the opacity of what layers leave decides about the format", async () => {
  const formats = async (mode: LayerParameters["mode"], alpha: number) => {
    const steps = [{ layers: [block(20, 20, [0, 0, 0, alpha], { mode })] }];
    return (await render(base(), { steps, output: { format: "auto" } })).contentType;
  };
  expect(await formats("over", 128)).toBe("image/jpeg");
  expect(await formats("cutout", 255)).toBe("image/png");
});

async function refusal(steps: readonly StepParameters[], context = {}): Promise<MediaError> {
  const error: unknown = await render(base(), { steps }, { layers: files, ...context }).catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof MediaError) return error;
  throw new Error(`no refusal: ${error}`);
}

test("a picture gets no profile, also where its layers are of no file, so that their colours are right", async () => {
  const wide = await quadrants(80, 60).withIccProfile("p3").png().toBuffer();
  const steps = [{ layers: [block(20, 20, green, { left: 0, top: 0 })] }];
  const { data } = await render(wide, { steps, output: { format: "png", lossless: true, keepProfile: true } });
  expect((await sharp(data).metadata()).icc).toBeUndefined();
  expectColour((await readPixels(data)).at(5, 5), green, 0);
});

test("a file that is missing, or is no picture, is named", async () => {
  const text = new Map([["text.png", file(Buffer.from("no picture"))]]);
  expect(await refusal([{ layers: [layer("nobody.png")] }])).toMatchObject({
    code: "ELAYER",
    message: "overlay nobody.png not found",
  });
  for (const [path, layers] of [
    ["text.png", text],
    ["broken.png", files],
  ] as const) {
    const error = await refusal([{ layers: [layer(path)] }], { layers });
    expect(error).toMatchObject({ code: "ELAYER", message: `overlay ${path} cannot be decoded` });
  }
});

test("there are not more layers, and no more pixels in them, than the limits say", async () => {
  const { limits } = renderContext;
  const many = Array.from({ length: 4 }, () => layer("mosaic.png"));
  const nested = [block(10, 10, red, { steps: [{ layers: many.slice(1) }] })];
  const few = { limits: { ...limits, layers: 3 } };
  expect(await refusal([{ layers: many }], few)).toMatchObject({
    code: "ELIMIT",
    message: expect.stringMatching(/more than 3 layers/),
  });
  expect(await refusal([{ layers: nested }], few)).toMatchObject({ code: "ELIMIT" });
  const small = { limits: { ...limits, pixels: 80 * 60 } };
  const all = [...many, ...many];
  expect(await refusal([{ layers: all }], small)).toMatchObject({
    code: "ELIMIT",
    message: expect.stringMatching(/pixels together/),
  });
});

test("ten layers of a bomb are refused before any is decoded", async () => {
  const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const layers = new Map([["bomb.png", file(bomb)]]);
  const taken: number[] = [];
  const take = async (bytes: number) => {
    taken.push(bytes);
    return () => undefined;
  };
  const error = await refusal([{ layers: Array.from({ length: 10 }, () => layer("bomb.png")) }], {
    layers,
    memory: { take },
  });
  expect(error.code).toBe("ELIMIT");
  expect(taken).toEqual([]);
});

test("a drawing that is trimmed and enlarged stays sharp, and its size is that of its own pixels", async () => {
  const shape = `<rect x="1" y="1" width="18" height="18" fill="rgb(30,30,220)"/>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">${shape}</svg>`;
  const white = `<rect x="4" y="4" width="6" height="12" fill="#fff"/></svg>`;
  const layers = new Map([["drawing.svg", file(Buffer.from(drawing.replace("</svg>", white)))]]);
  const drawn = async (size: object) => {
    const given = { steps: [{ trim: 10, size }], left: 0, top: 0 };
    return renderPixels(plain(400, 400, "#dc1e1e"), [{ layers: [layer("drawing.svg", given)] }], { layers });
  };
  // The trim leaves 18 pixels, of which each becomes 20. White ends at the ninth.
  const large = await drawn({ width: 360 });
  expectColour(large.at(176, 180), [255, 255, 255]);
  expectColour(large.at(184, 180), blue);
  expectColour(large.at(358, 180), blue, 12);
  expectColour(large.at(362, 180), red);
  // Half of the width is half of the drawing's own.
  const half = await drawn({ width: 0.5 });
  expectColour(half.at(8, 4), blue, 40);
  expectColour(half.at(10, 4), red, 12);
});

test("a strip that a trim leaves isn't enlarged beyond what was reckoned", async () => {
  const strip = await plain(3, 400, "#dc1e1e").extend({ left: 300, right: 300, background: "#fff" }).png().toBuffer();
  const layers = new Map([["strip.png", file(strip)]]);
  const steps = [{ trim: 10, size: { width: 600 } }];
  expect(await refusal([{ layers: [layer("strip.png", { steps })] }], { layers })).toMatchObject({ code: "ELIMIT" });
});

test.each([
  ["padded", {}, [{ size: { width: 2500, height: 2500 }, mode: "pad_resize" }, small]],
  ["worked on", {}, [{ flip: { horizontal: true, vertical: false } }, small]],
  ["turned upright", { orientation: 6 }, [{ trim: 10 }, small]],
] as const)(
  "a large layer may be %s before it is shrunk",
  async (_, { orientation }: { orientation?: number }, steps) => {
    const wide = await plain(2500, 2000, "#dc1e1e").jpeg().withMetadata({ orientation }).toBuffer();
    const layers = new Map([["wide.jpg", file(wide)]]);
    const { at } = await renderPixels(base(), [{ layers: [layer("wide.jpg", { steps })] }], { layers });
    expectColour(at(40, 30), red, 8);
  },
);

test.each([3, 4] as const)(
  "small layers change what the image library would change, on %i channels",
  async (channels) => {
    const [width, height] = [200, 100];
    const pixels = Buffer.from(Array.from({ length: width * height * channels }, (_, index) => (index * 97) % 256));
    const raw = { width, height, channels };
    const picture = await sharp(pixels, { raw }).png().toBuffer();
    const overlay = await sharp(half).resize({ width: 30, height: 20 }).png().toBuffer();
    const layers = new Map([["overlay.png", file(overlay)]]);
    const steps = readTransformation(
      parseTransformation("l-image,i-overlay.png,lx-5,ly-7,l-end,l-image,i-overlay.png,lx-20,ly-20,lm-multiply,l-end"),
    ).steps;
    const { data } = await render(picture, { steps, output: { format: "png", lossless: true } }, { layers });
    const whole = sharp(pixels, { raw }).composite([
      { input: overlay, left: 5, top: 7 },
      { input: overlay, left: 20, top: 20, blend: "multiply" },
    ]);
    const expected = await (channels === 3 ? whole.removeAlpha() : whole).raw().toBuffer();
    const actual = await sharp(data).raw().toBuffer();
    let largest = 0;
    for (let index = 0; index < actual.length; index++) {
      // The colours of transparent pixels don't show, and the image library makes them black.
      if (channels === 4 && expected[index - (index % 4) + 3] === 0) continue;
      largest = Math.max(largest, Math.abs((actual[index] ?? 0) - (expected[index] ?? 0)));
    }
    expect([actual.length, largest]).toEqual([expected.length, expect.toSatisfy((most: number) => most <= 1)]);
  },
);
