import { expect, test } from "vitest";
import { animation, green, plain, quadrants, red, render, renderContext } from "../../testing/pictures.ts";
import { black } from "../pixels/colour.ts";
import type { LayerParameters, StepParameters } from "../plan/step-parameters.ts";
import { drawingLimits } from "./drawing/draw-pixels.ts";
import { batchBytes } from "./layers/draw-layers.ts";
import type { RenderingShare } from "./render-image.ts";

const jpeg = { format: "jpeg" } as const;

/** Returns the memory that a rendering takes in one go. */
async function taken(...asked: Parameters<typeof allTaken>): Promise<number> {
  const taking = await allTaken(...asked);
  expect(taking).toHaveLength(1);
  return taking[0] ?? 0;
}

/** Returns the memory that a rendering takes, one after the other when it begins again. */
async function allTaken(
  source: Buffer,
  steps: readonly StepParameters[],
  context = {},
  output: object = jpeg,
): Promise<readonly number[]> {
  const taking: number[] = [];
  const take = async ({ bytes }: RenderingShare) => void taking.push(bytes);
  await render(source, { steps, output }, { take, ...context }).catch(() => undefined);
  return taking;
}

const width = 1000;
const height = 600;
const pixels = width * height;
const photo = await quadrants(width, height).jpeg().toBuffer();
const small = { size: { width: 100 } };

test("what is shrunk on its way in takes little, what is worked on its pixels before and after", async () => {
  expect(await taken(photo, [small])).toBeLessThan(pixels);
  expect(await taken(photo, [{ blur: 5 }])).toBeGreaterThan(2 * 4 * pixels);
  expect(await taken(photo, [{ blur: 5 }, small])).toBeGreaterThan(2 * 4 * pixels);
});

test("an effect that works on a copy takes as much again", async () => {
  const grey = await taken(photo, [{ grayscale: true }, small]);
  const replaced = { to: { r: 1, g: 2, b: 3, alpha: 1 }, tolerance: 0, from: undefined };
  expect((await taken(photo, [{ colourReplacement: replaced }, small])) - grey).toBe(4 * pixels);
});

test("frames count all together, and a decoder that holds the whole picture with it", async () => {
  const frames = [red, green, red, green];
  const webp = await animation(frames, 200, 100).webp().toBuffer();
  const playing = await taken(webp, [{ blur: 5 }], {}, { format: "webp" });
  expect(playing).toBeGreaterThan(frames.length * (await taken(webp, [{ blur: 5 }])) * 0.5);
  const [one, whole] = [photo, await quadrants(width, height).webp().toBuffer()];
  expect(await taken(whole, [small])).toBeGreaterThan((await taken(one, [small])) + pixels);
});

const most = 3 * renderContext.limits.memoryBytes;

test("what a trim leaves counts as the whole picture would", async () => {
  const trimmed = await taken(photo, [{ trim: 10 }]);
  expect(trimmed).toBeGreaterThan(3 * 4 * pixels);
  expect(trimmed).toBeLessThan(most / 4);
  expect(await taken(photo, [{ trim: 10 }, { size: { width: 4000 } }])).toBeGreaterThan(3 * 16 * 4 * pixels);
});

test("a strip that a trim leaves and that is then enlarged begins again, with as much as may be", async () => {
  const strip = await plain(10, height, "#000").png().toBuffer();
  const marked = await plain(width, height, "#fff")
    .composite([{ input: strip }])
    .png()
    .toBuffer();
  const steps = [{ trim: 10 }, { size: { width: 300 } }];
  const output = { format: "png", lossless: true } as const;
  const [first = 0, again = 0] = await allTaken(marked, steps, {}, output);
  expect(first).toBeLessThan(most / 4);
  expect(again).toBeGreaterThan(most);
  expect(await render(marked, { steps, output })).toMatchObject({ width: 300, height: 18_000 });
  const limits = { ...renderContext.limits, memoryBytes: 4 * 300 * 17_999 };
  await expect(render(marked, { steps, output }, { limits })).rejects.toMatchObject({ code: "ELIMIT" });
});

const block = (mode: LayerParameters["mode"]): LayerParameters => ({
  content: { kind: "block", size: { width: 10, height }, colour: black },
  steps: [],
  mode,
  placement: { focus: { x: 0.5, y: 0.5 } },
});

test("so does what a cutter leaves, if anything follows", async () => {
  const [over, cutter] = [block("over"), block("cutter")];
  for (const steps of [[{ layers: [cutter] }, { size: { width: 65 } }], [{ layers: [cutter, over] }]]) {
    expect(await taken(photo, steps)).toBeLessThan(most / 4);
  }
  const [first = 0, again = 0] = await allTaken(photo, [{ layers: [cutter] }, { size: { width: 300 } }]);
  expect(first).toBeLessThan(most / 4);
  expect(again).toBeGreaterThan(most);
});

test("layers on what a trim leaves count as well, also where the plan for the whole picture is refused", async () => {
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`);
  const layers = new Map([["drawing.svg", { bytes: svg, area: undefined }]]);
  const drawn = { ...block("over"), content: { kind: "file", path: "drawing.svg", autoOrient: false } as const };
  expect(await taken(photo, [{ trim: 10, layers: [block("over")] }])).toBeGreaterThan(batchBytes);
  const withDrawing = batchBytes + drawingLimits.memoryBytes;
  expect(await taken(photo, [{ trim: 10, layers: [drawn] }], { layers })).toBeGreaterThan(withDrawing);
  const large = { size: { width: 60_000 } };
  expect(await taken(photo, [{ trim: 10, layers: [drawn] }, large], { layers })).toBeGreaterThan(withDrawing);
  expect(await taken(photo, [{ trim: 10 }, large, { layers: [drawn] }], { layers })).toBeGreaterThan(withDrawing);
});

test("with its memory it is told the time that is left", async () => {
  const shares: RenderingShare[] = [];
  const take = async (share: RenderingShare) => void shares.push(share);
  const { milliseconds } = renderContext.limits;
  await render(photo, { steps: [small], output: jpeg }, { take, spentMs: milliseconds - 5000 });
  expect(shares).toHaveLength(1);
  expect(shares[0]?.milliseconds).toBeLessThanOrEqual(5000);
  expect(shares[0]?.milliseconds).toBeGreaterThan(0);
});
