import {
  type Background,
  type Color,
  canonicalTransformation,
  type Focus,
  type Layer,
  type Numeric,
  type ParameterStep,
  type Parameters,
  refuseBeyond,
  type Step,
  type Transformation,
  TransformationError,
} from "@sluice/grammar";
import { readEffects } from "../effects/effects.ts";
import { readNumber } from "../effects/read-number.ts";
import { black, readColour } from "../pixels/colour.ts";
import type { FormatParameter, OutputParameters } from "./choose-output.ts";
import type { ImageTransformation } from "./plan.ts";
import { anchors, readPlacement } from "./read-placement.ts";
import type { BackgroundParameter, FocusParameter, LayerParameters, StepParameters } from "./step-parameters.ts";
import type { SizeParameters } from "./target-size.ts";

/**
 * Reads what a checked transformation, whose names are expanded, asks of an image. Parameters that don't apply to
 * images are left out (docs/protocol/transformations.md §9).
 * @throws TransformationError for what isn't built yet: layers, conditions, arithmetic and the other tiers
 */
export function readTransformation(transformation: Transformation): ImageTransformation {
  refuseBeyond(transformation, "image", ["T1"]);
  // Two spellings of the same transformation share one rendering and so its outcome. Neither may ask for more.
  const steps = parameterSteps(canonicalTransformation(transformation).steps);
  // These parameters apply to the whole result, whichever step names them. The last one counts
  // (docs/protocol/transformations.md §2.2).
  const all: Parameters = Object.assign({}, ...steps.map(({ parameters }) => parameters));
  const page = all.pg?.kind === "page" ? { page: all.pg.page } : {};
  const autoOrient = isAutoOriented(steps);
  return { steps: steps.map(readStep), output: readOutput(all), ...page, ...(autoOrient && { autoOrient }) };
}

function parameterSteps(steps: readonly Step[]): readonly ParameterStep[] {
  return steps.map((step) => {
    if (step.kind === "conditional") throw new TransformationError("UNKNOWN_PARAMETER", "if");
    return step;
  });
}

function isAutoOriented(steps: readonly ParameterStep[]): boolean {
  return steps.some(({ parameters: { rt } }) => rt === "auto");
}

function readStep({ parameters, layers }: ParameterStep): StepParameters {
  const { c, cm, fo, x, y, xc, yc, bg, t } = parameters;
  const step: Partial<Record<keyof StepParameters, unknown>> = {
    size: readSize(parameters),
    mode: cm ?? c,
    focus: fo && readFocus(fo),
    x: number(x, "x"),
    y: number(y, "y"),
    xc: number(xc, "xc"),
    yc: number(yc, "yc"),
    trim: t === true ? standardTrim : t === false ? undefined : t,
    background: bg && readBackground(bg),
    layers: layers.length === 0 ? undefined : layers.map(readLayer),
    ...readEffects(parameters),
  };
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as StepParameters;
}

function readLayer(layer: Layer): LayerParameters {
  const { lm } = layer.placement;
  if (lm === "displace") throw new TransformationError("UNKNOWN_PARAMETER", "lm-displace");
  return { ...readContent(layer), placement: readPlacement(layer.placement), mode: lm ?? "over" };
}

/** @throws TransformationError for layers that aren't built yet, which `refuseBeyond` has refused before */
function readContent(layer: Layer): Pick<LayerParameters, "content" | "steps"> {
  const steps = parameterSteps(layer.steps);
  switch (layer.kind) {
    case "image": {
      const autoOrient = isAutoOriented(steps);
      const page = steps.findLast(({ parameters: { pg } }) => pg?.kind === "page")?.parameters.pg;
      const content = { kind: "file", path: layer.path, page: page?.kind === "page" ? page.page : undefined } as const;
      return { content: { ...content, autoOrient }, steps: trimmed(steps).map(readStep) };
    }
    case "canvas":
      return readBlock(steps);
    case "text":
    case "video":
    case "subtitles":
      throw new TransformationError("UNKNOWN_PARAMETER", `l-${layer.kind}`);
  }
}

/** A layer is trimmed before anything else, unless it says otherwise (docs/protocol/transformations.md §6.2). */
function trimmed(steps: readonly ParameterStep[]): readonly ParameterStep[] {
  if (steps.some(({ parameters: { t } }) => t !== undefined)) return steps;
  const [{ parameters, layers } = { parameters: {}, layers: [] }, ...rest] = steps;
  return [{ kind: "parameters", parameters: { ...parameters, t: true }, layers }, ...rest];
}

/** The first step says what a block is. What follows is done to the block. */
function readBlock([first, ...rest]: readonly ParameterStep[]): Pick<LayerParameters, "content" | "steps"> {
  const { w, h, bg, al, ...others } = first?.parameters ?? {};
  const colour = bg?.kind === "color" ? readColour(withAlpha(bg.color, al)) : black;
  const content = { kind: "block", size: readSize({ ...(w && { w }), ...(h && { h }) }), colour } as const;
  const own = { kind: "parameters", parameters: others, layers: first?.layers ?? [] } as const;
  return { content, steps: [own, ...rest].map(readStep) };
}

/** `al` counts for colours in hex digits that don't state their own opacity (docs/protocol/transformations.md §6.2). */
function withAlpha(color: Color, al: number | undefined): Color {
  return al === undefined || color.keyword !== undefined || color.opacity !== undefined
    ? color
    : { ...color, opacity: al * 10 };
}

/** The threshold that `t-true` stands for, in percent. */
const standardTrim = 10;

function readSize({ w, h, ar, dpr }: Parameters): SizeParameters {
  return {
    width: w?.kind === "auto" ? "auto" : dimension(w, "w"),
    height: dimension(h, "h"),
    aspectRatio: ar?.kind === "ratio" ? ar.width / ar.height : undefined,
    dpr: dpr === "auto" ? dpr : number(dpr, "dpr"),
  };
}

function dimension(value: Parameters["w"], key: string): number | undefined {
  switch (value?.kind) {
    case "pixels":
      return value.pixels;
    case "fraction":
      return value.fraction;
    case "expression":
      return number(value, key);
    default:
      return undefined;
  }
}

function number(value: Numeric | undefined, key: string): number | undefined {
  return value === undefined ? undefined : readNumber(value, key);
}

function readFocus(focus: Focus): FocusParameter {
  switch (focus.kind) {
    case "position":
      return { kind: "anchor", anchor: anchors[focus.position] };
    case "auto":
      return { kind: "saliency" };
    case "custom":
      return { kind: "custom", otherwise: "centre" };
    case "auto-custom_override":
      return { kind: "custom", otherwise: "saliency" };
    case "face":
    case "objects":
      throw new TransformationError("UNKNOWN_PARAMETER", "fo");
  }
}

function readBackground(background: Background): BackgroundParameter {
  switch (background.kind) {
    case "color":
      return { kind: "colour", colour: readColour(background.color) };
    case "blurred":
      return background;
    case "dominant":
      return { kind: "dominant", colours: 1 };
    case "gradient":
      return { kind: "dominant", colours: background.colors };
    case "generated":
      throw new TransformationError("AI_NOT_AVAILABLE", "bg");
  }
}

/** Video formats don't apply to images. */
const formats: Readonly<Record<NonNullable<Parameters["f"]>, FormatParameter | undefined>> = {
  auto: "auto",
  jpg: "jpeg",
  png: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  svg: "svg",
  orig: "orig",
  mp4: undefined,
  webm: undefined,
};

function readOutput({ f, q, pr, lo, cp, md, dn }: Parameters): OutputParameters {
  const output: Partial<Record<keyof OutputParameters, unknown>> = {
    format: f && formats[f],
    quality: q,
    progressive: pr,
    lossless: lo,
    keepProfile: cp,
    keepMetadata: md,
    density: number(dn, "dn"),
  };
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined)) as OutputParameters;
}
