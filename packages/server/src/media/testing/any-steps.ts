import { parseTransformation } from "@sluice/grammar";
import fc from "fast-check";
import sharp from "sharp";
import { expect } from "vitest";
import type { EffectArguments } from "../image/effects/effects.ts";
import { startWork } from "../image/pixels/work.ts";
import { knownSteps } from "../image/plan/asked-steps.ts";
import { planRendition } from "../image/plan/plan.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import type { AskedStep, LayerParameters, StepParameters } from "../image/plan/step-parameters.ts";
import { readSource } from "../image/render/read-source.ts";
import { MediaError } from "../media-error.ts";
import { animation, blue, quadrants, red, render, renderContext } from "./pictures.ts";

const side = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(0.3, 0.5, 0.999), fc.constant("auto" as const));
const half = fc.constantFrom(0, 0.5, 1);
const colour = fc.record({
  r: fc.nat({ max: 255 }),
  g: fc.nat({ max: 255 }),
  b: fc.nat({ max: 255 }),
  alpha: fc.constantFrom(0, 0.5, 1),
});
const radius = fc.oneof(fc.nat({ max: 60 }), fc.constant("max" as const));

const inset = fc.integer({ min: 0, max: 39 });

/** Random arguments for each effect. */
const effectValues = {
  contrast: fc.constant(true),
  grayscale: fc.constant(true),
  blur: fc.integer({ min: 1, max: 100 }),
  sharpen: fc.integer({ min: 1, max: 99 }),
  unsharp: fc.record({
    sigma: fc.constantFrom(0, 2, 500),
    amount: fc.constantFrom(0, 0.8, 90),
    threshold: fc.constantFrom(0, 0.02, 1, 7),
  }),
  flip: fc.record({ horizontal: fc.boolean(), vertical: fc.boolean() }),
  rotation: fc.oneof(fc.constantFrom(0, 90, -90, 180, 720), fc.double({ min: -400, max: 400, noNaN: true })),
  border: fc.record({ width: fc.nat({ max: 9 }), colour }),
  radius: fc.tuple(radius, radius, radius, radius),
  gradient: fc.record({
    direction: fc.nat({ max: 359 }),
    from: colour,
    to: colour,
    stop: fc.constantFrom(0, 0.3, 1, 20, 65_535),
  }),
  shadow: fc.record({
    blur: fc.nat({ max: 15 }),
    opacity: fc.nat({ max: 100 }),
    x: fc.integer({ min: -100, max: 100 }),
    y: fc.integer({ min: -100, max: 100 }),
  }),
  dropShadow: fc.record({
    azimuth: fc.integer({ min: 0, max: 360 }),
    elevation: fc.integer({ min: 0, max: 90 }),
    opacity: fc.nat({ max: 100 }),
  }),
  colorize: fc.record({
    colour: colour.map(({ r, g, b }) => ({ r, g, b })),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  colourReplacement: fc.record({
    to: colour,
    tolerance: fc.nat({ max: 100 }),
    from: fc.option(colour, { nil: undefined }),
  }),
  distortion: fc.oneof(
    fc.record({
      kind: fc.constant("arc" as const),
      degrees: fc.double({ min: -360, max: 360, noNaN: true }).filter((degrees) => Math.abs(degrees) >= 0.01),
    }),
    fc.tuple(inset, inset, inset, inset).map(([x, y, across, down]) => ({
      kind: "perspective" as const,
      corners: [
        { x: x - 40, y: y - 40 },
        { x: 60 + across, y: -down },
        { x: 50 + across, y: 60 + down },
        { x: -across, y: 45 + y },
      ] as const,
    })),
  ),
  opacity: fc.nat({ max: 100 }),
} satisfies { readonly [Name in keyof EffectArguments]-?: fc.Arbitrary<EffectArguments[Name]> };

/** A step with any of its parameters, up to all of them at once, and without layers. */
const plainStep: fc.Arbitrary<StepParameters> = fc.record(
  {
    size: fc.record(
      {
        width: side,
        height: side.filter((height): height is number => height !== "auto"),
        aspectRatio: fc.constantFrom(0.1, 0.75, 1, 1.7, 9),
        dpr: fc.constantFrom(0.1, 1.5, 2, "auto" as const),
      },
      { requiredKeys: [] },
    ),
    mode: fc.constantFrom(
      "maintain_ratio",
      "maintain_ratio_no_enlarge",
      "force",
      "at_max",
      "at_max_enlarge",
      "at_least",
      "extract",
      "pad_resize",
      "pad_resize_no_enlarge",
      "pad_extract",
      "pad_extract_no_shrink",
    ),
    focus: fc.oneof(
      fc.record({ kind: fc.constant("anchor" as const), anchor: fc.record({ x: half, y: half }) }),
      fc.constant({ kind: "saliency" } as const),
      fc.record({ kind: fc.constant("custom" as const), otherwise: fc.constantFrom("centre", "saliency") }),
      fc.constant({ kind: "face" } as const),
      fc.record({ kind: fc.constant("objects" as const), objects: fc.subarray(["car", "dog"], { minLength: 1 }) }),
    ),
    zoom: fc.constantFrom(0.01, 0.5, 3, 100),
    x: fc.integer({ min: -5, max: 60 }),
    yc: fc.integer({ min: -5, max: 60 }),
    trim: fc.integer({ min: 1, max: 99 }),
    background: fc.oneof(
      fc.record({ kind: fc.constant("colour" as const), colour }),
      fc.record({
        kind: fc.constant("blurred" as const),
        intensity: fc.oneof(fc.constant("auto" as const), fc.nat({ max: 100 })),
        brightness: fc.integer({ min: -255, max: 255 }),
      }),
      fc.record({ kind: fc.constant("dominant" as const), colours: fc.constantFrom(1, 2, 4) }),
    ),
    ...effectValues,
  },
  { requiredKeys: [] },
);

const offset = fc.option(
  fc.record({ kind: fc.constant("offset" as const), distance: fc.nat({ max: 99 }), negative: fc.boolean() }),
  { nil: undefined },
);
const position = fc.record({ x: half, y: half });

const font = fc.record({
  kind: fc.constant("family" as const),
  name: fc.constantFrom(undefined, "Lobster", "nobody's"),
});
const writing = fc.record({
  text: fc.oneof(fc.constantFrom("Hello", " ", "one two\nthree", "שלום 日本 😀"), fc.string({ maxLength: 12 })),
  fontSize: fc.integer({ min: 1, max: 60 }),
  bold: fc.boolean(),
  italic: fc.boolean(),
  struckThrough: fc.boolean(),
  colour,
  alignment: fc.constantFrom("left", "center", "right"),
  lineHeight: fc.constantFrom(undefined, 1, 30),
  width: fc.constantFrom(undefined, 0.5, 1, 40, 90),
  padding: fc.record({ top: inset, right: inset, bottom: inset, left: inset }),
  background: colour,
});

/** A layer that draws a file, a block or a text, anywhere and in any way, with layers in it. */
const layer: fc.Arbitrary<LayerParameters> = fc.record({
  content: fc.oneof(
    fc.constant({ kind: "file", path: "layer.png", autoOrient: false } as const),
    fc.record({
      kind: fc.constant("block" as const),
      size: fc.record({ width: side, height: fc.integer({ min: 1, max: 90 }) }, { requiredKeys: [] }),
      colour,
    }),
    fc.record({ kind: fc.constant("text" as const), font, text: writing }),
  ),
  steps: fc.array(plainStep, { maxLength: 1 }),
  placement: fc.record({
    ...{ lx: offset, ly: offset, lxc: fc.constant(undefined), lyc: offset },
    anchor: fc.option(position, { nil: undefined }),
    focus: position,
  }),
  mode: fc.constantFrom("over", "multiply", "cutout", "cutter", "displace"),
});
const layers = fc.array(
  fc.tuple(layer, fc.array(layer, { maxLength: 1 })).map(([outer, inner]): LayerParameters => {
    return inner.length === 0 ? outer : { ...outer, steps: [...outer.steps, { layers: inner }] };
  }),
  { minLength: 1, maxLength: 2 },
);

const step: fc.Arbitrary<StepParameters> = fc
  .tuple(plainStep, fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: layers }))
  .map(([plain, drawn]) => (drawn === undefined ? plain : { ...plain, layers: drawn }));

const variable = fc.constantFrom("iw", "ih", "iar", "cw", "ch", "car");
const number = fc.constantFrom("0", "0.4", "1", "2", "90");
const arithmetic = fc
  .tuple(variable, fc.constantFrom("add", "sub", "mul", "div", "mod", "pow"), number)
  .map((words) => words.join("_"));
const sized = fc.oneof(
  arithmetic.map((width) => `w-${width}`),
  fc.tuple(arithmetic, arithmetic).map(([width, height]) => `w-${width},h-${height},cm-extract,x-${height}`),
  fc.tuple(arithmetic, variable).map(([width, stop]) => `b-${width}_red,e-gradient-sp-${stop},dpr-car`),
);
const condition = fc
  .tuple(fc.constantFrom("w_gt", "h_lte", "iw_eq", "ih_ne"), fc.constantFrom("9", "23", "37"))
  .map((words) => `${words.join("_")}_or_ar_lt_4-3`);

/** A step whose numbers follow from sizes, or a condition that chooses between two chains. */
const settled = fc
  .oneof(
    sized,
    fc.tuple(condition, sized, sized).map(([text, one, other]) => `if-${text},${one}:rt-90,if-else,${other},if-end`),
  )
  .map((text) => readTransformation(parseTransformation(text)).steps);

/** Any step, most of them with numbers that are fixed. */
const asked: fc.Arbitrary<AskedStep> = fc.oneof(
  { weight: 3, arbitrary: step },
  { weight: 1, arbitrary: settled.map(([first = {}]) => first) },
);

const still = await quadrants(37, 23).png().toBuffer();
const playing = await animation([red, blue], 19, 11).gif().toBuffer();
const context = {
  ...renderContext,
  hints: { width: 120, dpr: 2 },
  area: { left: 3, top: 2, width: 9, height: 30 },
  things: {
    faces: [{ name: "face", left: 0.5, top: 0.1, width: 0.1, height: 0.2 }],
    objects: [
      { name: "car", left: 0, top: 0.98, width: 1, height: 0.02 },
      { name: "dog", left: 0.2, top: 0.1, width: 0.00001, height: 0.9 },
    ],
  },
  layers: new Map([["layer.png", { bytes: await quadrants(31, 17).png().toBuffer(), area: undefined }]]),
};

const sources = {
  image: { bytes: still, pages: 1, output: { format: "png", lossless: true } },
  animation: { bytes: playing, pages: 2, output: { format: "webp" } },
} as const;

/** Checks that a picture gets the planned size, or an error with the reason, whatever its steps are. */
export async function checkAnySteps(source: keyof typeof sources, numRuns: number): Promise<void> {
  const { bytes, pages, output } = sources[source];
  const work = startWork(new AbortController().signal, context.limits);
  const { facts } = await readSource(bytes, context.limits, work);
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 3 }), async (steps) => {
      const outcome = await render(bytes, { steps, output }, context).catch((error: unknown) => error);
      if (outcome instanceof MediaError) {
        expect(["ELIMIT", "ETIME", "ETRANSFORMATION"]).toContain(outcome.code);
        return;
      }
      if (outcome instanceof Error) throw outcome;
      const { data, width, height } = outcome as Awaited<ReturnType<typeof render>>;
      const written = await sharp(data).metadata();
      expect([written.width, written.height]).toEqual([width, height]);
      // Encoders merge frames that have come to look alike.
      expect(written.pages ?? 1).toBeLessThanOrEqual(pages);
      const pauses = knownSteps(steps).some(({ trim, layers: drawn }) => trim !== undefined || drawn !== undefined);
      if (pauses) return;
      const planned = planRendition({ steps, output }, facts, { ...context, layers: new Map() });
      expect({ width, height }).toEqual({ width: planned.stage.size.width, height: planned.stage.size.height });
    }),
    { numRuns },
  );
}
