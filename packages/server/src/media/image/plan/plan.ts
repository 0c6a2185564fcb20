import { MediaError } from "../../media-error.ts";
import { excludesAvif } from "../effects/effects.ts";
import type { Colour } from "../pixels/colour.ts";
import {
  type AcceptedFormats,
  chooseOutput,
  type DeliverySettings,
  type Output,
  type OutputParameters,
} from "./choose-output.ts";
import { layerFileKey, layersIn } from "./layer-steps.ts";
import { type LayerFacts, planSteps, refuseLarge, type StepLimits } from "./plan-steps.ts";
import { type SourceFacts, uprightSize } from "./source-facts.ts";
import type { Stage } from "./stage.ts";
import type { StepParameters, StoredArea } from "./step-parameters.ts";
import type { ClientHints } from "./target-size.ts";

/** A transformation without arithmetic, names or anything else that needs looking up. */
export interface ImageTransformation {
  readonly steps: readonly StepParameters[];
  readonly output: OutputParameters;
  /** The page is counted from 1. Undefined stands for the first page, or for all frames of an animation. */
  readonly page?: number;
  /** Whether only the first frame of an animation is wanted. */
  readonly still?: boolean;
  /** Whether the EXIF orientation is applied regardless of the account's settings (`rt-auto`). */
  readonly autoOrient?: boolean;
}

export interface PlanLimits extends StepLimits {
  readonly frames: number;
  /** The limit for the layers of all steps together, with those in layers. */
  readonly layers: number;
}

export interface PlanContext {
  readonly accepted: AcceptedFormats;
  readonly settings: DeliverySettings;
  readonly hints: ClientHints;
  readonly area: StoredArea | undefined;
  readonly limits: PlanLimits;
  /** The files that layers show, by `layerFileKey`. */
  readonly layers: ReadonlyMap<string, LayerFacts>;
}

/** A plan for rendering a source, in absolute numbers. */
export interface Plan {
  /** The page is counted from 0. `all` stands for all frames of an animation. */
  readonly page: number | "all";
  readonly orient: boolean;
  readonly stage: Stage;
  readonly output: Output;
}

/**
 * Decides everything about a rendition before a pixel is decoded, apart from what a trim decides.
 * @throws MediaError ELIMIT, ETRANSFORMATION, EINVALID
 */
export function planRendition(transformation: ImageTransformation, facts: SourceFacts, context: PlanContext): Plan {
  const { steps, output } = transformation;
  const { limits, settings, hints, area, accepted, layers } = context;
  const page = choosePage(transformation, facts);
  const frames = page === "all" ? facts.pages : 1;
  if (frames > limits.frames) throw new MediaError("ELIMIT", `The animation has more than ${limits.frames} frames`);
  refuseLarge(facts.size, { frames, limits });
  refuseManyLayers(steps, context);
  // Frames can't be rotated while they are decoded, and animations have no orientation.
  const orient = page !== "all" && (settings.autoOrient || transformation.autoOrient === true);
  const size = orient ? uprightSize(facts) : facts.size;
  const planning = { hints, autoOrient: settings.autoOrient, layers, frames, limits };
  const stage = planSteps(steps, { size, alpha: facts.hasAlpha, area }, planning);
  const choice = {
    facts,
    accepted,
    settings,
    background: lastColour(steps),
    animated: page === "all",
    withoutAvif: steps.some(excludesAvif),
  };
  return Object.freeze({ page, orient, stage, output: Object.freeze(chooseOutput(output, choice)) });
}

/** Chooses the page. Frames that the output can't hold aren't decoded. */
function choosePage({ page, still, output }: ImageTransformation, facts: SourceFacts): Plan["page"] {
  if (page !== undefined) {
    if (page > facts.pages) throw new MediaError("ETRANSFORMATION", `The file has no page ${page}`);
    return page - 1;
  }
  const plays = facts.animation !== undefined && facts.pages > 1 && !still;
  return plays && (output.format === undefined || !stillFormats.has(output.format)) ? "all" : 0;
}

const stillFormats: ReadonlySet<string> = new Set(["jpeg", "png", "avif"]);

/** Counts each layer as often as it is drawn, since it is decoded each time. */
function refuseManyLayers(steps: readonly StepParameters[], { limits, layers }: PlanContext): void {
  const drawn = layersIn(steps);
  if (drawn.length > limits.layers) {
    throw new MediaError("ELIMIT", `The transformation has more than ${limits.layers} layers`);
  }
  let pixels = 0;
  for (const { content } of drawn) {
    if (content.kind !== "file") continue;
    const { width = 0, height = 0 } = layers.get(layerFileKey(content))?.facts.size ?? {};
    pixels += width * height;
  }
  if (pixels > limits.pixels) {
    throw new MediaError("ELIMIT", `The layers have more than ${limits.pixels} pixels together`);
  }
}

function lastColour(steps: readonly StepParameters[]): Colour | undefined {
  return steps
    .map(({ background }) => (background?.kind === "colour" ? background.colour : undefined))
    .findLast((colour) => colour !== undefined);
}
