import type { Background, Focus, Numeric, Parameters } from "@sluice/grammar";
import { readNumber } from "../effects/effect.ts";
import { readEffects } from "../effects/effects.ts";
import { readColour } from "../pixels/colour.ts";
import { readAi } from "./ai-effects.ts";
import { anchors } from "./read-placement.ts";
import type { BackgroundParameter, FocusParameter, StepParameters } from "./step-parameters.ts";
import type { SizeParameters } from "./target-size.ts";

/**
 * Reads the parameters of one step, in which arithmetic has been worked out.
 * @throws TransformationError for what isn't built yet
 */
export function readStep(parameters: Parameters): StepParameters {
  const { c, cm, fo, z, x, y, xc, yc, bg, t } = parameters;
  const step: Partial<Record<keyof StepParameters, unknown>> = {
    size: readSize(parameters),
    mode: cm ?? c,
    focus: fo && readFocus(fo),
    zoom: z,
    x: number(x, "x"),
    y: number(y, "y"),
    xc: number(xc, "xc"),
    yc: number(yc, "yc"),
    trim: t === true ? standardTrim : t === false ? undefined : t,
    background: bg && readBackground(bg),
    ai: readAi(parameters),
    ...readEffects(parameters),
  };
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as StepParameters;
}

/** The threshold that `t-true` stands for, in percent. */
const standardTrim = 10;

export function readSize({ w, h, ar, dpr }: Parameters): SizeParameters {
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
      return { kind: "face" };
    case "objects":
      return focus;
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
      return { kind: "generated" };
  }
}
