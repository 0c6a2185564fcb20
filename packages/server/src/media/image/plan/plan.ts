import { MediaError } from "../../media-error.ts";
import { type Asked, askOutput, nothingAsked } from "./asked.ts";
import { askedFormats, holdsChoice } from "./asked-steps.ts";
import {
  type AcceptedFormats,
  chooseOutput,
  type DeliverySettings,
  isRaster,
  type Output,
  type OutputParameters,
  playingFormats,
} from "./choose-output.ts";
import type { ChosenPage } from "./chosen-page.ts";
import { type FoundThings, placedIn } from "./found-things.ts";
import { layerFileKey, layersIn } from "./layer-steps.ts";
import { type LayerFacts, planSteps, refuseLarge, type StepLimits } from "./plan-steps.ts";
import { type SourceFacts, uprightSize } from "./source-facts.ts";
import type { Stage } from "./stage.ts";
import type { AskedStep, StoredArea } from "./step-parameters.ts";
import type { ClientHints } from "./target-size.ts";

/** A transformation without names or anything else that needs looking up. */
export interface ImageTransformation extends ChosenPage {
  readonly steps: readonly AskedStep[];
  /** The way in which the result is written, by what stands outside of conditions. */
  readonly output: OutputParameters;
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
  /** The things that were found in the picture. */
  readonly things?: FoundThings | undefined;
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
  /** The output as far as it is known before anything is decoded. */
  readonly output: Output;
  /** Whether conditions that aren't decided yet may change the output. */
  readonly undecided: boolean;
  /** The output once the last stage says what is asked. @throws MediaError ETRANSFORMATION, EINVALID */
  readonly outputOf: (asked: Asked) => Output;
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
  const isChosen = transformation.page !== undefined || transformation.layers !== undefined;
  const skipsChoices = facts.format === "gif" || isChosen;
  const planning = { hints, autoOrient: settings.autoOrient, layers, frames, limits, initial: size, skipsChoices };
  const things = placedIn(context.things, size, orient ? 1 : facts.orientation);
  const start = { size, alpha: facts.hasAlpha, area, things };
  const stage = planSteps(steps, start, planning, { asked: askOutput(nothingAsked, output), done: 0 });
  const rasterAsked = askedFormats(steps, output).some(isRaster);
  const choice = { facts, accepted, settings, animated: page === "all", rasterAsked };
  const outputOf = ({ output: asked, background, withoutAvif }: Asked): Output =>
    Object.freeze(chooseOutput(asked, { ...choice, background, withoutAvif }));
  const undecided = stage.pause !== undefined && holdsChoice(steps);
  return Object.freeze({ page, orient, stage, output: outputOf(stage.asked), undecided, outputOf });
}

/** Chooses the page. Frames that the output can't hold aren't decoded. */
function choosePage({ page, still, output }: ImageTransformation, facts: SourceFacts): Plan["page"] {
  if (page !== undefined) {
    if (page > facts.pages) throw new MediaError("ETRANSFORMATION", `The file has no page ${page}`);
    return page - 1;
  }
  const plays = facts.animation !== undefined && facts.pages > 1 && !still;
  return plays && playingFormats.has(output.format ?? "auto") ? "all" : 0;
}

/** Counts each layer as often as it is drawn, since it is decoded each time. */
function refuseManyLayers(steps: readonly AskedStep[], { limits, layers }: PlanContext): void {
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
