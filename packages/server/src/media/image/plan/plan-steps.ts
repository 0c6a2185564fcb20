import { conditionHolds, excerpt } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import { type Region, type Size, sameSize, wholePixels } from "../pixels/geometry.ts";
import { namedSize, type Operation } from "../pixels/operations.ts";
import { aiEffects, refuseForAi } from "./ai-effects.ts";
import { type Asked, ask, askOutput, nothingAsked } from "./asked.ts";
import { type FoundThings, followed, placedIn } from "./found-things.ts";
import { parentVariablesOf, propertiesOf, refusing, variablesOf } from "./known-sizes.ts";
import { layerFileKey } from "./layer-steps.ts";
import { placeLayer, shiftOf } from "./place-layer.ts";
import { type PlannedStep, planAbove, planBelow, planSize, type StepInput } from "./plan-step.ts";
import { planText } from "./plan-text.ts";
import { type SourceFacts, uprightSize } from "./source-facts.ts";
import type { PlannedLayer, Stage } from "./stage.ts";
import type { AskedStep, LayerParameters, StoredArea } from "./step-parameters.ts";
import { type ClientHints, type SizeParameters, targetSize } from "./target-size.ts";

/** The side of a block of colour whose URL doesn't say it (docs/protocol/transformations.md §6.2). */
const standardSide = 100;

/** The size of a block of colour. A fraction is one of the parent's side, since a block has no size of its own. */
function blockSize({ width, height }: SizeParameters, parent: Size, hints: ClientHints): Size {
  const sides = { width: width ?? standardSide, height: height ?? standardSide };
  const target = targetSize(parent, sides, hints);
  if (target.kind === "box") return target.box;
  // A width that follows a hint which the client doesn't send.
  return { width: standardSide, height: wholePixels(parent.height * (target.kind === "side" ? target.factor : 1)) };
}

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
  /** The things that were found in it. */
  readonly things?: FoundThings | undefined;
}

/** The facts that a chain of steps is planned with. */
interface Planning {
  readonly hints: ClientHints;
  /** Whether files are turned upright by their EXIF orientation. */
  readonly autoOrient: boolean;
  /** The files that layers show, by `layerFileKey`. */
  readonly layers: ReadonlyMap<string, LayerFacts>;
  readonly frames: number;
  readonly limits: StepLimits;
  /** The size of the file as it is shown. In a layer it is the size of what the layer shows. */
  readonly initial: Size;
  /** The size of what a layer lies on. */
  readonly parent?: Size;
  /** Conditions apply neither to GIFs nor to pages (docs/protocol/transformations.md §4). */
  readonly skipsChoices: boolean;
}

/** The state that the steps before have left. */
interface Progress {
  readonly asked: Asked;
  readonly done: number;
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
 * Plans steps, one after the other. Conditions and arithmetic are settled as soon as the size before them is known.
 * @throws MediaError ELIMIT, ETRANSFORMATION
 */
export function planSteps(
  steps: readonly AskedStep[],
  start: StepInput,
  planning: Planning,
  progress: Progress = { asked: nothingAsked, done: 0 },
): Stage {
  const { steps: maxSteps } = planning.limits;
  const { asked, done } = progress;
  if (done + steps.length > maxSteps) {
    throw new MediaError("ELIMIT", `The transformation has more than ${maxSteps} steps`);
  }
  const [next, ...rest] = steps;
  if (next === undefined) return Object.freeze({ operations: [], size: start.size, asked });
  const sizes = { ...planning, current: start.size };
  if ("kind" in next && next.kind === "choice") {
    if (planning.skipsChoices) return planSteps(rest, start, planning, progress);
    const { steps: chosen, output } = conditionHolds(next.condition, propertiesOf(sizes))
      ? next.whenTrue
      : next.whenFalse;
    return planSteps([...chosen, ...rest], start, planning, { asked: askOutput(asked, output), done });
  }
  const first = "kind" in next ? refusing(() => next.settle(variablesOf(sizes))) : next;
  const foreseen = [first, ...rest].reduce(ask, asked);
  if (first.trim !== undefined) {
    const { trim: percent, ...untrimmed } = first;
    // The plan doesn't know where the trim will cut, so it can't locate the area that was marked in the file any
    // more. Whether the remaining steps are possible depends on the size that the trim leaves. Planning them for the
    // whole image would refuse steps that are possible.
    const after = ({ left, top, width, height }: Region): Stage => {
      const size = { width, height };
      const cut = { kind: "extract", left, top, ...size } as const;
      const things = followed(start.things, start.size, [cut]);
      return planSteps([untrimmed, ...rest], { ...start, size, area: undefined, things }, planning, progress);
    };
    const pause = { kind: "trim", threshold: 2.55 * percent, next: after } as const;
    return Object.freeze({ operations: [], size: start.size, asked: foreseen, pause });
  }
  const above = (input: StepInput, before: readonly Operation[]): Stage => {
    const planned = planAbove(first, input);
    refuseLargeResults(planned, planning);
    const operations = [...before, ...planned.operations];
    const area = operations.length > 0 ? undefined : input.area;
    const reached = { ...planned, area, things: followed(input.things, input.size, planned.operations) };
    const onwards = planSteps(rest, reached, planning, { asked: ask(asked, first), done: done + 1 });
    return Object.freeze({ ...onwards, operations: [...operations, ...onwards.operations] });
  };
  const { layers, ai } = first;
  // Layers behind a cutter lie on what it leaves, so they can't be planned before it is drawn.
  const compose = (remaining: readonly LayerParameters[], input: PlannedStep, things: StepInput["things"]): Stage => {
    const { operations, size, alpha } = input;
    const together = untilCutter(remaining);
    const behind = remaining.slice(together.length);
    const leavesAlpha = alpha || together.some(({ mode }) => mode === "cutout" || mode === "cutter");
    const drawn = (left: Size): Stage => {
      // A layer that cuts the picture doesn't say where.
      const kept = sameSize(left, size) ? things : undefined;
      if (behind.length > 0) return compose(behind, { operations: [], size: left, alpha: leavesAlpha }, kept);
      return above({ size: left, alpha: leavesAlpha, area: undefined, things: kept }, []);
    };
    const planned = together.map((layer) => planLayer(layer, size, planning));
    const last = behind.length === 0 && rest.length === 0;
    const pause = { kind: "layers", layers: planned, last, next: drawn } as const;
    return Object.freeze({ operations, size, asked: foreseen, pause });
  };
  const onwards = (sized: PlannedStep, { area, things: placed }: Pick<StepInput, "area" | "things">): Stage => {
    const below = planBelow(first, sized);
    refuseLargeResults(below, planning);
    const things = followed(placed, sized.size, below.operations.slice(sized.operations.length));
    return layers === undefined ? above({ ...below, area, things }, below.operations) : compose(layers, below, things);
  };
  const sized = planSize(first, start, planning.hints);
  const things = followed(start.things, start.size, sized.operations);
  const fills = ai?.effect !== "bg-genfill" || sized.operations.some(({ kind }) => kind === "pad");
  if (ai === undefined || !fills) return onwards(sized, { area: start.area, things });
  refuseLargeResults(sized, planning);
  refuseForAi(ai.effect, sized.size, planning.frames);
  const { keepsSize } = aiEffects[ai.effect];
  const made = (size: Size, alpha = true): Stage => {
    refuseLarge(size, planning);
    return onwards({ operations: [], size, alpha }, { area: undefined, things: keepsSize ? things : undefined });
  };
  const pause = { kind: "ai", request: ai, keepsSize, next: made } as const;
  return Object.freeze({ operations: sized.operations, size: sized.size, asked: foreseen, pause });
}

/** The layers up to the first one that cuts its parent, which is the last of them. */
function untilCutter(layers: readonly LayerParameters[]): readonly LayerParameters[] {
  const cutter = layers.findIndex(({ mode }) => mode === "cutter");
  return cutter === -1 ? layers : layers.slice(0, cutter + 1);
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
  const of = (initial: Size, skipsChoices: boolean): Planning => ({
    ...planning,
    frames: 1,
    initial,
    parent,
    skipsChoices,
  });
  // A text has no size before it is drawn.
  const at = (initial?: Size): Pick<PlannedLayer, "place" | "shift"> => ({
    place: (drawn) => {
      const placed = mode === "displace" ? { focus: placement.focus } : placement;
      return refusing(() => placeLayer(placed, { parent, layer: drawn, initial: initial ?? drawn }));
    },
    shift: (drawn) => refusing(() => shiftOf(placement, { parent, layer: drawn, initial: initial ?? drawn })),
  });
  if (content.kind === "text") {
    const { text, bounds } = planText(content, parent);
    const next = (drawn: Size): Stage => {
      const within = of(drawn, false);
      refuseLarge(drawn, within);
      return planSteps(steps, { size: drawn, alpha: true, area: undefined }, within);
    };
    const stage: Stage = { operations: [], size: bounds, asked: nothingAsked, pause: { kind: "measurement", next } };
    return { content: text, start: bounds, stage, mode, ...at() };
  }
  if (content.kind === "block") {
    const { colour } = content;
    const asked = content.size;
    const sides = typeof asked === "function" ? refusing(() => asked(parentVariablesOf(parent))) : asked;
    const size = blockSize(sides, parent, planning.hints);
    const within = of(size, false);
    refuseLarge(size, within);
    const stage = planSteps(steps, { size, alpha: colour.alpha < 1, area: undefined }, within);
    return { content: { kind: "block", colour, ...size }, start: size, stage, mode, ...at(size) };
  }
  const file = { path: content.path, page: content.page, layers: content.layers };
  const source = planning.layers.get(layerFileKey(file));
  if (source === undefined) throw new Error("A layer's file was not opened");
  const { facts, area } = source;
  if (file.page !== undefined && file.page > facts.pages) {
    throw new MediaError("ETRANSFORMATION", `overlay ${excerpt(file.path)} has no page ${file.page}`);
  }
  const orient = planning.autoOrient || content.autoOrient;
  const size = orient ? uprightSize(facts) : facts.size;
  const within = of(size, facts.format === "gif" || file.page !== undefined || file.layers !== undefined);
  refuseLarge(size, within);
  const things = placedIn(source.things, size, orient ? 1 : facts.orientation);
  const stage = planSteps(steps, { size, alpha: facts.hasAlpha, area, things }, within);
  return { content: { kind: "file", file, orient }, start: size, stage, mode, ...at(size) };
}
