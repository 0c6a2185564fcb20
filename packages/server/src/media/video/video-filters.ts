import { type Parameters, settleParameters, type VariableValues } from "@sluice/grammar";
import { black, type Colour } from "../image/pixels/colour.ts";
import type { Size } from "../image/pixels/geometry.ts";
import { type Operation, sizeAfter } from "../image/pixels/operations.ts";
import { refusing } from "../image/plan/known-sizes.ts";
import { planSize } from "../image/plan/plan-step.ts";
import { readStep } from "../image/plan/read-step.ts";
import type { BackgroundParameter } from "../image/plan/step-parameters.ts";
import { MediaError } from "../media-error.ts";
import type { Chain, Drawing, FilterGraph } from "./filter-graph.ts";
import { invalid } from "./video-request.ts";

/** The parameters that choose and place what is seen. */
const framing = ["w", "h", "ar", "dpr", "c", "cm", "fo", "x", "y", "xc", "yc", "bg"] as const;
/** The parameters that change what has been framed. */
const finishing = ["b", "r", "fl", "rt"] as const;

export interface VideoLimits {
  /** The limit for one picture, also between two operations. */
  readonly pixels: number;
  readonly layers: number;
}

/** @throws MediaError ELIMIT */
export function refuseLarge({ width, height }: Size, { pixels }: VideoLimits): void {
  if (width * height > pixels) throw new MediaError("ELIMIT", `A video has ${pixels} pixels at most`);
}

const white: Colour = { r: 255, g: 255, b: 255, alpha: 1 };

/**
 * Plans what one step does to the pictures of a video, without its layers. Sizes, crops and padding are those of images.
 * @param values the values of arithmetic's variables
 * @throws MediaError ETRANSFORMATION, ELIMIT
 */
export function planFraming(
  written: Parameters,
  values: VariableValues,
  chain: Chain,
  { limits, graph }: { readonly limits: VideoLimits; readonly graph: FilterGraph },
): Chain {
  const parameters = refusing(() => settleParameters(only([...framing, ...finishing], written), values));
  const read = refusing(() => readStep(only(framing, parameters)));
  if (read.focus !== undefined && read.focus.kind !== "anchor") throw invalid("fo is a position for videos.");
  if (read.background?.kind === "dominant" || read.background?.kind === "generated") {
    throw invalid("bg is a colour, or blurred, for videos.");
  }
  const framed = planSize(read, { size: chain.size, alpha: false, area: undefined }, {});
  // A crop may need much more than what is left in the end.
  framed.operations.reduce((before, operation) => {
    const after = sizeAfter(before, operation);
    refuseLarge(after, limits);
    return after;
  }, chain.size);
  const filters = [...chain.filters, ...framed.operations.flatMap((operation) => filterOf(operation, graph))];
  const whole = bordered(parameters, { ...chain, filters, size: framed.size });
  return turned(parameters, rounded(parameters, read.background, whole, graph));
}

function only(keys: readonly (keyof Parameters)[], parameters: Parameters): Parameters {
  return Object.fromEntries(keys.flatMap((key) => (key in parameters ? [[key, parameters[key]]] : [])));
}

/** Draws a picture over all of the video. */
export function drawnOver(chain: Chain, what: Drawing["what"], graph: FilterGraph, options = ""): Chain {
  const { input } = graph.read({ kind: "drawing", what, size: chain.size });
  return { ...chain, from: `${graph.end(chain)}[${input}:v]`, filters: [`overlay=0:0${options}`] };
}

function filterOf(operation: Operation, graph: FilterGraph): readonly string[] {
  switch (operation.kind) {
    case "scale":
      return [`scale=${operation.width}:${operation.height}:flags=bicubic`, "setsar=1"];
    case "extract":
      return [`crop=${operation.width}:${operation.height}:${operation.left}:${operation.top}:exact=1`];
    case "pad": {
      const { left, top, right, bottom, background } = operation;
      return [`pad=iw+${left + right}:ih+${top + bottom}:${left}:${top}:color=${colourText(background)}`];
    }
    case "pad-blurred": {
      const { left, top, right, bottom, sigma, brightness } = operation;
      const [picture, behind, blurred] = [graph.label(), graph.label(), graph.label()];
      const size = `w='iw+${left + right}':h='ih+${top + bottom}'`;
      const blur = `scale=${size},setsar=1,gblur=sigma=${sigma}`;
      const light = brightness === 0 ? "" : `,eq=brightness=${(brightness / 255).toFixed(4)}`;
      return [`split${picture}${behind};${behind}${blur}${light}${blurred};${blurred}${picture}overlay=${left}:${top}`];
    }
    case "flatten":
      return [];
    default:
      throw invalid(`${operation.kind} is not available for videos.`);
  }
}

/** A border grows outward, as that of an image does. */
function bordered({ b }: Parameters, chain: Chain): Chain {
  const { filters, size } = chain;
  if (b === undefined) return chain;
  const { width } = b;
  if (typeof width !== "number") throw invalid("b needs a width in pixels for videos.");
  const { red, green, blue } = b.color;
  const colour = colourText({ r: red, g: green, b: blue, alpha: 1 });
  return {
    ...chain,
    filters: [...filters, `pad=iw+${2 * width}:ih+${2 * width}:${width}:${width}:color=${colour}`],
    size: { width: size.width + 2 * width, height: size.height + 2 * width },
  };
}

/**
 * A video has no transparent pixels: its corners have the colour of the background, or black. Those of a layer show what
 * the layer lies on, unless there is a background.
 */
function rounded(
  { r }: Parameters,
  background: BackgroundParameter | undefined,
  chain: Chain,
  graph: FilterGraph,
): Chain {
  if (r === undefined) return chain;
  const colour = background?.kind === "colour" ? background.colour : undefined;
  if (colour !== undefined || !chain.alpha) {
    return drawnOver(chain, { kind: "corners", radii: r, colour: colour ?? black }, graph);
  }
  const what = { kind: "corners", radii: r, colour: black, inside: white } as const;
  const { input } = graph.read({ kind: "drawing", what, size: chain.size });
  const mask = graph.end({ from: `[${input}:v]`, filters: ["format=gray"] });
  const [picture, before, own, both] = [graph.label(), graph.label(), graph.label(), graph.label()];
  // What was transparent before stays so.
  const alphas = `${before}alphaextract${own};${own}${mask}blend=all_mode=multiply${both}`;
  return {
    ...chain,
    filters: [...chain.filters, `format=yuva444p,split${picture}${before};${alphas};${picture}${both}alphamerge`],
  };
}

function turned({ fl, rt }: Parameters, chain: Chain): Chain {
  const { filters, size } = chain;
  const flipped = (fl ?? []).map((axis) => `${axis}flip`);
  const angle = rt === undefined || rt === "auto" ? 0 : Number(rt) % 360;
  const turns: Readonly<Record<number, readonly string[]>> = {
    0: [],
    90: ["transpose=clock"],
    180: ["hflip", "vflip"],
    270: ["transpose=cclock"],
  };
  const turn = turns[angle];
  if (turn === undefined) throw invalid(`rt-${angle} is not available for videos: 0, 90, 180, 270 or 360.`);
  const isOnItsSide = angle === 90 || angle === 270;
  return {
    ...chain,
    filters: [...filters, ...flipped, ...turn],
    size: isOnItsSide ? { width: size.height, height: size.width } : size,
  };
}

function colourText({ r, g, b }: Colour): string {
  return `0x${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
