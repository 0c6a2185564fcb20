import { type Color, type Layer, type Parameters, type Step, settleParameters } from "@sluice/grammar";
import { readNumber } from "../../image/effects/effect.ts";
import type { Size } from "../../image/pixels/geometry.ts";
import { parentVariablesOf, refusing } from "../../image/plan/known-sizes.ts";
import { fontOf } from "../../image/plan/read-text.ts";
import type { TextFont } from "../../image/plan/text-parameters.ts";
import { MediaError } from "../../media-error.ts";
import { invalid } from "../video-request.ts";

/** How subtitles are written (docs/protocol/transformations.md §7.3). Lengths are in pixels of the video. */
export interface SubtitleStyle {
  readonly font: TextFont;
  /** The height of a line. */
  readonly fontSize: number;
  readonly colour: Color;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly struckThrough: boolean;
  /** The box behind the text. */
  readonly background: Color | undefined;
  readonly outline: { readonly size: number; readonly color: Color } | undefined;
  readonly shadow: { readonly size: number; readonly color: Color } | undefined;
}

const white: Color = { red: 255, green: 255, blue: 255, opacity: undefined, keyword: undefined };
const black: Color = { red: 0, green: 0, blue: 0, opacity: undefined, keyword: undefined };
/** Where the URL doesn't say the size, this many lines are as high as the video. */
const standardLines = 18;
/** A text that has neither box nor outline has one of this part of its size, so that it can be read on white as well. */
const standardOutline = 1 / 15;

/**
 * Reads how subtitles are written.
 * @param video the size of what they lie on
 * @throws MediaError ETRANSFORMATION, ELIMIT
 */
export function readSubtitleStyle({ steps }: Pick<Layer, "steps">, video: Size): SubtitleStyle {
  const written: Parameters = Object.assign({}, ...steps.map(parametersOf));
  const { fs, ff, co, bg, tg = [], fol, fsh } = refusing(() => settleParameters(written, parentVariablesOf(video)));
  if (bg !== undefined && bg.kind !== "color") throw invalid("bg is a colour for subtitles.");
  const fontSize = fs === undefined ? Math.max(8, Math.round(video.height / standardLines)) : readNumber(fs, "fs");
  refuseLong("fs", fontSize, video.height);
  refuseLong("fol", fol?.size, fontSize);
  refuseLong("fsh", fsh?.size, fontSize);
  const isBare = bg === undefined && fol === undefined;
  return {
    font: fontOf(ff === undefined ? {} : { ff }),
    fontSize,
    colour: co ?? white,
    bold: tg.includes("b"),
    italic: tg.includes("i"),
    struckThrough: tg.includes("strikethrough"),
    background: bg?.color,
    outline: isBare ? { size: Math.max(1, Math.round(fontSize * standardOutline)), color: black } : fol,
    shadow: fsh,
  };
}

function parametersOf(step: Step): Parameters {
  if (step.kind !== "parameters") throw invalid("Conditions are not available in l-subtitles.");
  if (step.layers.length > 0) throw invalid("Layers are not available in l-subtitles.");
  return step.parameters;
}

function refuseLong(name: string, length: number | undefined, most: number): void {
  if (length !== undefined && length > most) {
    throw new MediaError("ELIMIT", `${name} is ${length} pixels here. It may be ${most}.`);
  }
}
