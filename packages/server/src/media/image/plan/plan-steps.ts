import { TransformationError } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import type { Size } from "../pixels/geometry.ts";
import { namedSize, type Operation } from "../pixels/operations.ts";
import { blockSize } from "./block-size.ts";
import { layerFileKey } from "./layer-steps.ts";
import { placeLayer } from "./place-layer.ts";
import { planAbove, planBelow, type StepInput } from "./plan-step.ts";
import { type SourceFacts, uprightSize } from "./source-facts.ts";
import type { PlannedLayer, Stage } from "./stage.ts";
import type { LayerParameters, StepParameters, StoredArea } from "./step-parameters.ts";
import type { ClientHints } from "./target-size.ts";

export interface StepLimits {
  /** The limit for one frame. */
  readonly pixels: number;
  /** The limit for all frames together. */
  readonly animationPixels: number;
  readonly steps: number;
}

/** The facts about a file that a layer shows, or about one page of it. */
export interface LayerFacts {
  readonly facts: SourceFacts;
  readonly area: StoredArea | undefined;
}

/** The facts that a chain of steps is planned with. */
export interface Planning {
  readonly hints: ClientHints;
  /** Whether files are turned upright by their EXIF orientation. */
  readonly autoOrient: boolean;
  /** The files that layers show, by `layerFileKey`. */
  readonly layers: ReadonlyMap<string, LayerFacts>;
  readonly frames: number;
  readonly limits: StepLimits;
}

/** The longest side that JPEG and the image library can count. */
const maxSide = 65_500;

/** @throws MediaError ELIMIT */
export function refuseLarge({ width, height }: Size, { frames, limits }: Pick<Planning, "frames" | "limits">): void {
  if (width * height > limits.pixels || Math.max(width, height) > maxSide) {
    throw new MediaError("ELIMIT", `${width} x ${height} pixels are more than this server works with`);
  }
  if (frames > 1 && width * height * frames > limits.animationPixels) {
    throw new MediaError("ELIMIT", `The frames have more than ${limits.animationPixels} pixels together`);
  }
}

/**
 * Plans steps, one after the other.
 * @throws MediaError ELIMIT, ETRANSFORMATION
 */
export function planSteps(steps: readonly StepParameters[], start: StepInput, planning: Planning): Stage {
  const { steps: maxSteps } = planning.limits;
  if (steps.length > maxSteps) throw new MediaError("ELIMIT", `The transformation has more than ${maxSteps} steps`);
  const [first, ...rest] = steps;
  if (first === undefined) return Object.freeze({ operations: [], size: start.size });
  if (first.trim !== undefined) {
    const { trim: percent, ...untrimmed } = first;
    // The plan doesn't know where the trim will cut, so it can't locate the area that was marked in the file any
    // more. Whether the remaining steps are possible depends on the size that the trim leaves. Planning them for the
    // whole image would refuse steps that are possible.
    const next = (size: Size): Stage => planSteps([untrimmed, ...rest], { ...start, size, area: undefined }, planning);
    const pause = { kind: "trim", threshold: 2.55 * percent, next } as const;
    return Object.freeze({ operations: [], size: start.size, pause });
  }
  const below = planBelow(first, start, planning.hints);
  refuseLargeResults(below, planning);
  const above = (input: Omit<StepInput, "area">, area: StepInput["area"], before: readonly Operation[]): Stage => {
    const planned = planAbove(first, input);
    refuseLargeResults(planned, planning);
    const operations = [...before, ...planned.operations];
    const onwards = planSteps(rest, { ...planned, area: operations.length > 0 ? undefined : area }, planning);
    return Object.freeze({ ...onwards, operations: [...operations, ...onwards.operations] });
  };
  const { layers } = first;
  if (layers === undefined) return above(below, start.area, below.operations);
  const planned = layers.map((layer) => planLayer(layer, below.size, planning));
  const alpha = below.alpha || layers.some(({ mode }) => mode === "cutout" || mode === "cutter");
  const next = (size: Size): Stage => above({ size, alpha }, undefined, []);
  const { operations, size } = below;
  return Object.freeze({ operations, size, pause: { kind: "layers", layers: planned, next } as const });
}

function refuseLargeResults(
  { operations, size }: { readonly operations: readonly Operation[]; readonly size: Size },
  planning: Planning,
): void {
  for (const result of [...operations.map(namedSize), size]) {
    if (result !== undefined) refuseLarge(result, planning);
  }
}

/** A layer is a still picture, whatever its parent is. */
function planLayer(layer: LayerParameters, parent: Size, planning: Planning): PlannedLayer {
  const { content, steps, placement, mode } = layer;
  const within = { ...planning, frames: 1 };
  const at = (initial: Size) => (drawn: Size) =>
    placeAt(() => placeLayer(placement, { parent, layer: drawn, initial }));
  if (content.kind === "block") {
    const { colour } = content;
    const size = blockSize(content.size, parent, planning.hints);
    refuseLarge(size, within);
    const stage = planSteps(steps, { size, alpha: colour.alpha < 1, area: undefined }, within);
    return { content: { kind: "block", colour, ...size }, stage, mode, place: at(size) };
  }
  const file = { path: content.path, page: content.page };
  const source = planning.layers.get(layerFileKey(file));
  if (source === undefined) throw new Error("A layer's file was not opened");
  const { facts, area } = source;
  if (file.page !== undefined && file.page > facts.pages) {
    throw new MediaError("ETRANSFORMATION", `The layer's file ${file.path} has no page ${file.page}`);
  }
  const orient = planning.autoOrient || content.autoOrient;
  const size = orient ? uprightSize(facts) : facts.size;
  refuseLarge(size, within);
  const stage = planSteps(steps, { size, alpha: facts.hasAlpha, area }, within);
  return { content: { kind: "file", file, orient }, stage, mode, place: at(size) };
}

function placeAt<Position>(place: () => Position): Position {
  try {
    return place();
  } catch (cause) {
    if (!(cause instanceof TransformationError)) throw cause;
    throw new MediaError("ETRANSFORMATION", cause.message, { cause });
  }
}
