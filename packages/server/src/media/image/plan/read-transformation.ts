import {
  type Background,
  canonicalTransformation,
  type Focus,
  type Numeric,
  type Parameters,
  type Position,
  refuseBeyond,
  type Transformation,
  TransformationError,
} from "@sluice/grammar";
import { readEffects } from "../effects/effects.ts";
import { readNumber } from "../effects/read-number.ts";
import { readColour } from "../pixels/colour.ts";
import type { Anchor } from "../pixels/geometry.ts";
import type { FormatParameter, OutputParameters } from "./choose-output.ts";
import type { ImageTransformation } from "./plan.ts";
import type { BackgroundParameter, FocusParameter, StepParameters } from "./step-parameters.ts";
import type { SizeParameters } from "./target-size.ts";

/**
 * Reads what a checked transformation, whose names are expanded, asks of an image. Parameters that don't apply to
 * images are left out (docs/protocol/transformations.md §9).
 * @throws TransformationError for what isn't built yet: layers, conditions, arithmetic and the other tiers
 */
export function readTransformation(transformation: Transformation): ImageTransformation {
  refuseBeyond(transformation, "image", ["T1"]);
  // Two spellings of the same transformation share one rendering and so its outcome. Neither may ask for more.
  const steps = canonicalTransformation(transformation).steps.map((step) => {
    if (step.kind === "conditional") throw new TransformationError("UNKNOWN_PARAMETER", "if");
    return step.parameters;
  });
  // These parameters apply to the whole result, whichever step names them. The last one counts
  // (docs/protocol/transformations.md §2.2).
  const all: Parameters = Object.assign({}, ...steps);
  const page = all.pg?.kind === "page" ? { page: all.pg.page } : {};
  const autoOrient = steps.some(({ rt }) => rt === "auto");
  return { steps: steps.map(readStep), output: readOutput(all), ...page, ...(autoOrient && { autoOrient }) };
}

function readStep(parameters: Parameters): StepParameters {
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
    ...readEffects(parameters),
  };
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as StepParameters;
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

const anchors: Readonly<Record<Position, Anchor>> = {
  center: { x: 0.5, y: 0.5 },
  top: { x: 0.5, y: 0 },
  left: { x: 0, y: 0.5 },
  bottom: { x: 0.5, y: 1 },
  right: { x: 1, y: 0.5 },
  top_left: { x: 0, y: 0 },
  top_right: { x: 1, y: 0 },
  bottom_left: { x: 0, y: 1 },
  bottom_right: { x: 1, y: 1 },
};

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
