import { MediaError } from "../../media-error.ts";
import { excludesAvif } from "../effects/effects.ts";
import type { Colour } from "../pixels/colour.ts";
import type { Size } from "../pixels/geometry.ts";
import { namedSize, type Operation } from "../pixels/operations.ts";
import {
  type AcceptedFormats,
  chooseOutput,
  type DeliverySettings,
  type Output,
  type OutputParameters,
} from "./choose-output.ts";
import { planStep, type StepInput } from "./plan-step.ts";
import { type SourceFacts, uprightSize } from "./source-facts.ts";
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

export interface PlanLimits {
  /** The limit for one frame. */
  readonly pixels: number;
  readonly frames: number;
  /** The limit for all frames together. */
  readonly animationPixels: number;
  readonly steps: number;
}

export interface PlanContext {
  readonly accepted: AcceptedFormats;
  readonly settings: DeliverySettings;
  readonly hints: ClientHints;
  readonly area: StoredArea | undefined;
  readonly limits: PlanLimits;
}

/** A plan for rendering a source, in absolute numbers. */
export interface Plan {
  /** The page is counted from 0. `all` stands for all frames of an animation. */
  readonly page: number | "all";
  readonly orient: boolean;
  readonly stage: Stage;
  readonly output: Output;
}

/** The operations before a trim, the trim itself, and what follows from the size that the trim leaves. */
export interface Stage {
  readonly operations: readonly Operation[];
  readonly size: Size;
  readonly trim?: {
    /** A number from 0 to 255. */
    readonly threshold: number;
    /** @throws MediaError ELIMIT, ETRANSFORMATION */
    readonly next: (trimmed: Size) => Stage;
  };
}

/**
 * Decides everything about a rendition before a pixel is decoded, apart from what a trim decides.
 * @throws MediaError ELIMIT, ETRANSFORMATION, EINVALID
 */
export function planRendition(transformation: ImageTransformation, facts: SourceFacts, context: PlanContext): Plan {
  const { steps, output } = transformation;
  const { limits, settings, hints, area, accepted } = context;
  const page = choosePage(transformation, facts);
  const frames = page === "all" ? facts.pages : 1;
  if (steps.length > limits.steps) {
    throw new MediaError("ELIMIT", `The transformation has more than ${limits.steps} steps`);
  }
  if (frames > limits.frames) throw new MediaError("ELIMIT", `The animation has more than ${limits.frames} frames`);
  const allowed = { frames, limits };
  refuseLarge(facts.size, allowed);
  // Frames can't be rotated while they are decoded, and animations have no orientation.
  const orient = page !== "all" && (settings.autoOrient || transformation.autoOrient === true);
  const size = orient ? uprightSize(facts) : facts.size;
  const stage = planSteps(steps, { size, alpha: facts.hasAlpha, area }, hints, allowed);
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

interface Allowed {
  readonly frames: number;
  readonly limits: PlanLimits;
}

/** The longest side that JPEG and the image library can count. */
const maxSide = 65_500;

function refuseLarge({ width, height }: Size, { frames, limits }: Allowed): void {
  if (width * height > limits.pixels || Math.max(width, height) > maxSide) {
    throw new MediaError("ELIMIT", `${width} x ${height} pixels are more than this server works with`);
  }
  if (frames > 1 && width * height * frames > limits.animationPixels) {
    throw new MediaError("ELIMIT", `The frames have more than ${limits.animationPixels} pixels together`);
  }
}

function planSteps(steps: readonly StepParameters[], start: StepInput, hints: ClientHints, allowed: Allowed): Stage {
  const operations: Operation[] = [];
  let input = start;
  for (const [index, step] of steps.entries()) {
    if (step.trim !== undefined) {
      const { trim: percent, ...untrimmed } = step;
      // The plan doesn't know where the trim will cut, so it can't locate the area that was marked in the file any
      // more. Whether the remaining steps are possible depends on the size that the trim leaves. Planning them for the
      // whole image would refuse steps that are possible.
      const next = (size: Size): Stage =>
        planSteps([untrimmed, ...steps.slice(index + 1)], { ...input, size, area: undefined }, hints, allowed);
      return Object.freeze({ operations, size: input.size, trim: { threshold: 2.55 * percent, next } });
    }
    const planned = planStep(step, input, hints);
    for (const size of [...planned.operations.map(namedSize), planned.size]) {
      if (size !== undefined) refuseLarge(size, allowed);
    }
    operations.push(...planned.operations);
    input = { ...planned, area: planned.operations.length > 0 ? undefined : input.area };
  }
  return Object.freeze({ operations, size: input.size });
}

function lastColour(steps: readonly StepParameters[]): Colour | undefined {
  return steps
    .map(({ background }) => (background?.kind === "colour" ? background.colour : undefined))
    .findLast((colour) => colour !== undefined);
}
