import { type CheckOptions, checkSteps } from "./check-steps.ts";
import { readStructure } from "./structure.ts";
import { type TransformationForm, tokenise } from "./tokenise.ts";
import type { Transformation } from "./transformation.ts";

/** A transformation as it stood in a URL, still encoded, with or without `tr:` before it. */
export interface WrittenTransformation {
  readonly text: string;
  readonly form: TransformationForm;
}

const strict: CheckOptions = { unknownParameters: "refuse" };

/**
 * Reads transformations one after the other into one chain (spec/delivery.md §1.2), in time linear in their length. A text
 * that says nothing has no steps; that `tr:` and `tr=` must say something is the URL's rule.
 * @throws TransformationError and nothing else (spec/transformations.md §9)
 */
export function parseTransformation(
  written: string | readonly WrittenTransformation[],
  options: CheckOptions = strict,
): Transformation {
  const texts = typeof written === "string" ? [{ text: written, form: "path" as const }] : written;
  return {
    steps: texts.flatMap(({ text, form }) => checkSteps(readStructure(tokenise(text, form)), undefined, options)),
  };
}
