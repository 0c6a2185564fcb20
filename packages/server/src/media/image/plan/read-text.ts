import {
  type Color,
  everyStep,
  holdsExpression,
  isFontFile,
  type Numeric,
  type Parameters,
  type Step,
  settleParameters,
  TransformationError,
  type VariableValues,
} from "@sluice/grammar";
import { readNumber } from "../effects/effect.ts";
import { type Colour, readColour, transparent } from "../pixels/colour.ts";
import type { Margins } from "../pixels/operations.ts";
import { readSize } from "./read-step.ts";
import type { AskedStep, LayerParameters } from "./step-parameters.ts";
import type { TextFont, TextParameters } from "./text-parameters.ts";

/**
 * Reads a colour of a block or a text. `al` counts for colours in hex digits that don't state their own opacity
 * (docs/protocol/transformations.md §6.2).
 */
export function readLayerColour(color: Color, al: number | undefined): Colour {
  const applies = al !== undefined && color.keyword === undefined && color.opacity === undefined;
  return readColour(applies ? { ...color, opacity: al * 10 } : color);
}

/** The parameters of the writing. They may stand in any step of the layer. */
const writingKeys = ["fs", "ff", "co", "ia", "pa", "al", "tg", "lh"] as const;

/** The size of letters where the URL doesn't say it (docs/protocol/transformations.md §10). */
const standardFontSize = 45;
const standardColour: Color = { red: 0, green: 0, blue: 0, opacity: undefined, keyword: undefined };

/**
 * Reads a text layer. The first step has the width of the lines and the background. What follows is done to the box with
 * the text, as to a picture.
 * @param readChain reads the layer's own steps
 * @throws TransformationError for writing that follows from a condition
 */
export function readText(
  text: string,
  steps: readonly Step[],
  readChain: (steps: readonly Step[]) => readonly AskedStep[],
): Pick<LayerParameters, "content" | "steps"> {
  refuseConditionalWriting(steps);
  const [first, ...rest] = steps;
  const ofFirst: Parameters = first?.kind === "parameters" ? first.parameters : {};
  const { w, bg, ...others } = ofFirst;
  const writing: Parameters = Object.assign({}, ...steps.map(writingOf));
  const written: Parameters = { ...writing, ...(w && { w }), ...(bg?.kind === "color" && { bg }) };
  const clean = withoutControls(text);
  const content = {
    kind: "text",
    font: fontOf(written),
    text: holdsExpression(written)
      ? (values: VariableValues) => asText(clean, settleParameters(written, values))
      : asText(clean, written),
  } as const;
  const own: readonly Step[] = first?.kind === "parameters" ? [{ ...first, parameters: others }, ...rest] : steps;
  return { content, steps: readChain(own.map(withoutWriting).filter(doesSomething)) };
}

/** A text is drawn before any size is known that a condition could ask for. */
function refuseConditionalWriting(steps: readonly Step[]): void {
  const conditional = everyStep(steps.filter(({ kind }) => kind === "conditional"));
  const undecided = writingKeys.find((key) => conditional.some(({ parameters }) => parameters[key] !== undefined));
  if (undecided !== undefined) throw new TransformationError("UNKNOWN_PARAMETER", undecided);
}

function writingOf(step: Step): Parameters {
  if (step.kind !== "parameters") return {};
  return Object.fromEntries(Object.entries(step.parameters).filter(([key]) => isWriting(key)));
}

function withoutWriting(step: Step): Step {
  if (step.kind !== "parameters") return step;
  const others = Object.entries(step.parameters).filter(([key]) => !isWriting(key));
  return { ...step, parameters: Object.fromEntries(others) };
}

function isWriting(key: string): boolean {
  return (writingKeys as readonly string[]).includes(key);
}

function doesSomething(step: Step): boolean {
  return step.kind !== "parameters" || step.layers.length > 0 || Object.keys(step.parameters).length > 0;
}

/** The font that is asked for: one of the library, or a family. */
export function fontOf({ ff }: Pick<Parameters, "ff">): TextFont {
  return ff !== undefined && isFontFile(ff) ? { kind: "file", path: ff } : { kind: "family", name: ff };
}

function asText(text: string, { w, fs, co, ia, pa, al, tg = [], lh, bg }: Parameters): TextParameters {
  const { width } = readSize(w === undefined ? {} : { w });
  return {
    text,
    fontSize: fs === undefined ? standardFontSize : readNumber(fs, "fs"),
    bold: tg.includes("b"),
    italic: tg.includes("i"),
    struckThrough: tg.includes("strikethrough"),
    colour: readLayerColour(co ?? standardColour, al),
    alignment: ia ?? "center",
    lineHeight: lh === undefined ? undefined : readNumber(lh, "lh"),
    // A text's width follows no hint of the client.
    width: width === "auto" ? undefined : width,
    padding: readPadding(pa),
    background: bg?.kind === "color" ? readColour(bg.color) : transparent,
  };
}

/** One to four sides, as in CSS. */
function readPadding(sides: readonly Numeric[] = [0]): Margins {
  const [top = 0, right = top, bottom = top, left = right] = sides.map((side) => readNumber(side, "pa"));
  return { top, right, bottom, left };
}

/** Removes what has no shape, and would be drawn as a box. Half a character becomes the mark for an unknown one. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;
  return text.toWellFormed().replaceAll(/\r\n?/g, "\n").replaceAll(controls, "");
}
