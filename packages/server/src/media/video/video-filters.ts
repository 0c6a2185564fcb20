import {
  type Layer,
  type Parameters,
  settleParameters,
  type Transformation,
  type VariableValues,
} from "@sluice/grammar";
import { black, type Colour } from "../image/pixels/colour.ts";
import type { Size } from "../image/pixels/geometry.ts";
import { type Operation, sizeAfter } from "../image/pixels/operations.ts";
import { refusing, variablesOf } from "../image/plan/known-sizes.ts";
import { planSize } from "../image/plan/plan-step.ts";
import { readStep } from "../image/plan/read-step.ts";
import type { BackgroundParameter } from "../image/plan/step-parameters.ts";
import { MediaError } from "../media-error.ts";
import { forVideo, invalid, readLayerSpan } from "./video-request.ts";

export interface FilteredVideo {
  /** A graph of FFmpeg's filters from `[0:v]` to `[v]`. Nothing in it is a user's text. */
  readonly filters: string;
  readonly size: Size;
  /** What lies over the video: the inputs from 1 on, in their order. */
  readonly overlays: readonly Overlay[];
}

/** What is drawn on nothing, as large as the video is where it lies on it: a layer, or what rounded corners show. */
export interface Overlay {
  readonly size: Size;
  readonly what:
    | { readonly kind: "layer"; readonly layer: Layer }
    | { readonly kind: "corners"; readonly radii: NonNullable<Parameters["r"]>; readonly colour: Colour };
}

interface Chain {
  readonly filters: readonly string[];
  readonly size: Size;
  readonly overlays: readonly Overlay[];
}

/** The parameters that choose and place what is seen. */
const framing = ["w", "h", "ar", "dpr", "c", "cm", "fo", "x", "y", "xc", "yc", "bg"] as const;

export interface VideoLimits {
  /** The limit for one picture, also between two operations. */
  readonly pixels: number;
  readonly layers: number;
}

/** The facts of a video before anything is done to it, and the time that the result takes. */
export interface FilmFacts {
  readonly size: Size;
  readonly duration: number | undefined;
  readonly seconds: number | undefined;
}

/**
 * Plans what is done to the pictures of a video. Sizes, crops and padding are those of images; what is written at last
 * has even sides, as its colours are stored for two by two pixels.
 * @throws MediaError ETRANSFORMATION, ELIMIT
 */
export function planFilters(
  { steps }: Transformation,
  { size, duration, seconds }: FilmFacts,
  limits: VideoLimits,
): FilteredVideo {
  // The pixels of what is decoded are made square first.
  refuseLarge(size, limits);
  let chain: Chain = { filters: ["scale=w='max(1,trunc(iw*sar))':h=ih", "setsar=1"], size, overlays: [] };
  for (const step of steps) {
    if (step.kind !== "parameters") continue;
    const values: VariableValues = {
      ...variablesOf({ initial: size, current: chain.size }),
      ...(duration !== undefined && { idu: duration }),
    };
    chain = planVideoStep(
      refusing(() => settleParameters(forVideo(step.parameters), values)),
      chain,
      limits,
    );
    for (const layer of step.layers) {
      const { start, duration: seen } = readLayerSpan(layer.placement, { initial: duration, base: seconds });
      chain = laidOver(chain, { kind: "layer", layer }, start, seen);
    }
    refuseLarge(chain.size, limits);
    if (chain.overlays.length > limits.layers) {
      throw new MediaError("ELIMIT", `A video has ${limits.layers} layers at most`);
    }
  }
  const even = { width: evenOf(chain.size.width), height: evenOf(chain.size.height) };
  return {
    filters: `[0:v]${[...chain.filters, `scale=${even.width}:${even.height}`, "setsar=1", "format=yuv420p"].join(",")}[v]`,
    size: even,
    overlays: chain.overlays,
  };
}

/** Lays the next input over the video, from one time to another. */
function laidOver({ filters, size, overlays }: Chain, what: Overlay["what"], start = 0, seen?: number): Chain {
  const input = overlays.length + 1;
  const end = seen === undefined ? "" : `*lt(t,${(start + seen).toFixed(3)})`;
  const times = start === 0 && seen === undefined ? "" : `:enable='gte(t,${start.toFixed(3)})${end}'`;
  const below = `o${input}`;
  return {
    filters: [...filters, `null[${below}];[${below}][${input}:v]overlay=0:0${times}`],
    size,
    overlays: [...overlays, { what, size }],
  };
}

function refuseLarge({ width, height }: Size, { pixels }: VideoLimits): void {
  if (width * height > pixels) throw new MediaError("ELIMIT", `A video has ${pixels} pixels at most`);
}

function planVideoStep(parameters: Parameters, { filters, size, overlays }: Chain, limits: VideoLimits): Chain {
  const asked = Object.fromEntries(framing.flatMap((key) => (key in parameters ? [[key, parameters[key]]] : [])));
  const read = refusing(() => readStep(asked as Parameters));
  if (read.focus !== undefined && read.focus.kind !== "anchor") throw invalid("fo is a position for videos.");
  if (read.background?.kind === "dominant" || read.background?.kind === "generated") {
    throw invalid("bg is a colour, or blurred, for videos.");
  }
  const framed = planSize(read, { size, alpha: false, area: undefined }, {});
  // A crop may need much more than what is left in the end.
  framed.operations.reduce((before, operation) => {
    const after = sizeAfter(before, operation);
    refuseLarge(after, limits);
    return after;
  }, size);
  const made = [
    ...filters,
    ...framed.operations.flatMap((operation, index) => filterOf(operation, index + filters.length)),
  ];
  const whole = bordered(parameters, { filters: made, size: framed.size, overlays });
  return turned(parameters, rounded(parameters, read.background, whole));
}

function filterOf(operation: Operation, index: number): readonly string[] {
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
      const [picture, behind, blurred] = [`p${index}`, `q${index}`, `b${index}`];
      const size = `w='iw+${left + right}':h='ih+${top + bottom}'`;
      const blur = `scale=${size},setsar=1,gblur=sigma=${sigma}`;
      const light = brightness === 0 ? "" : `,eq=brightness=${(brightness / 255).toFixed(4)}`;
      return [
        `split[${picture}][${behind}];[${behind}]${blur}${light}[${blurred}];[${blurred}][${picture}]overlay=${left}:${top}`,
      ];
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

/** A video has no transparent pixels: its corners have the colour of the background, or black. */
function rounded({ r }: Parameters, background: BackgroundParameter | undefined, chain: Chain): Chain {
  if (r === undefined) return chain;
  return laidOver(chain, {
    kind: "corners",
    radii: r,
    colour: background?.kind === "colour" ? background.colour : black,
  });
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

function evenOf(side: number): number {
  return Math.max(2, side - (side % 2));
}
