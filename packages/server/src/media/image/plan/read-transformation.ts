import {
  canonicalTransformation,
  everyStep,
  type Parameters,
  refuseBeyond,
  type Transformation,
  TransformationError,
} from "@sluice/grammar";
import { type AiEffect, isAiEffect } from "./ai-effects.ts";
import { readPage } from "./chosen-page.ts";
import type { ImageTransformation } from "./plan.ts";
import { readChain, readOutput } from "./read-chain.ts";

/** The reading of a transformation, with the transformation itself, from which it can be read again. */
export interface WrittenTransformation extends ImageTransformation {
  readonly written: Transformation;
}

/**
 * Reads what a checked transformation, whose names are expanded, asks of an image. Parameters that don't apply to
 * images are left out (docs/protocol/transformations.md §9).
 * @param providers the effects that a provider does; the others are refused
 * @throws TransformationError for what isn't built yet, which are the other tiers
 */
export function readTransformation(
  transformation: Transformation,
  providers: ReadonlySet<AiEffect> = nobody,
): WrittenTransformation {
  refuseBeyond(transformation, "image", ["T1"], ({ what }) => {
    // The requirement names the value as well where only some values need a model.
    const effect = what.startsWith("bg-genfill") ? "bg-genfill" : what;
    return isAiEffect(effect) && providers.has(effect);
  });
  refuseOriginalInBranches(transformation);
  // Two spellings of the same transformation share one rendering and so its outcome. Neither may ask for more.
  const written = canonicalTransformation(transformation);
  return { ...readWrittenSteps(written), written };
}

/** Reads a transformation as it is written, with all that has no effect. */
export function readWrittenSteps({ steps }: Transformation): ImageTransformation {
  const always = steps.flatMap((step) => (step.kind === "parameters" ? [step.parameters] : []));
  // These parameters apply to the whole result, whichever step names them. The last one counts
  // (docs/protocol/transformations.md §2.2).
  const all: Parameters = Object.assign({}, ...always);
  const autoOrient = everyStep(steps).some(({ parameters }) => parameters.rt === "auto");
  return {
    steps: readChain(steps),
    output: readOutput(all),
    ...readPage(all.pg),
    ...(autoOrient && { autoOrient }),
  };
}

const nobody: ReadonlySet<AiEffect> = new Set();

/** Whether the stored bytes are delivered is decided before anything is known of the picture. */
function refuseOriginalInBranches({ steps }: Transformation): void {
  const isOriginal = everyStep(steps).some(({ parameters }) => parameters.orig === true);
  const always = steps.some((step) => step.kind === "parameters" && step.parameters.orig === true);
  if (isOriginal && !always) throw new TransformationError("UNKNOWN_PARAMETER", "orig");
}
