import { type CheckOptions, checkSteps } from "./check-steps.ts";
import { readStructure } from "./structure.ts";
import { tokenise, type WrittenTransformation } from "./tokenise.ts";
import type { Transformation } from "./transformation.ts";

const strict: CheckOptions = { unknownParameters: "refuse" };

/**
 * Parses several transformations into one chain, in the order given (docs/protocol/delivery.md §1.2), in time linear in
 * their length. A text without content has no steps.
 * @throws TransformationError and nothing else (docs/protocol/transformations.md §9)
 */
export function parseTransformation(
  written: string | readonly WrittenTransformation[],
  options: CheckOptions = strict,
): Transformation {
  const texts = typeof written === "string" ? [{ text: written, form: "path" as const }] : written;
  return { steps: tokenise(texts).flatMap((tokens) => checkSteps(readStructure(tokens), undefined, options)) };
}
