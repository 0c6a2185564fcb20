import {
  expandNames,
  onlyNames,
  parseTransformation,
  type Transformation,
  TransformationError,
  type WrittenTransformation,
} from "@sluice/grammar";
import { findBuiltIn } from "./built-in-names.ts";
import { DeliveryRefusal } from "./refusal.ts";

/** What a URL asks to be made of the file. */
export type Rendition = Original | Transformed;

/** The stored bytes, asked for by name (`orig-true`) or by no transformation at all. */
export interface Original {
  readonly kind: "original";
}

export interface Transformed {
  /** `named` where names are all that it says: what private files are shown through. */
  readonly kind: "named" | "explicit";
  /** Names have given way to what they stand for. */
  readonly transformation: Transformation;
}

/**
 * @throws DeliveryRefusal TRANSFORMATION_INVALID for what isn't a transformation, and for a name that the account doesn't
 * have (spec/delivery.md §2, steps 4 and 6)
 */
export function chooseRendition(written: readonly WrittenTransformation[]): Rendition {
  const parsed = refusing(() => parseTransformation(written));
  const transformation = refusing(() => expandNames(parsed, findBuiltIn));
  // The original ignores whatever else is asked for.
  if (transformation.steps.length === 0 || transformation.steps.some(isOriginal)) return { kind: "original" };
  return { kind: onlyNames(parsed) === undefined ? "explicit" : "named", transformation };
}

function isOriginal(step: Transformation["steps"][number]): boolean {
  return step.kind === "parameters" && step.parameters.orig === true;
}

/** The language's errors as answers. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TransformationError)) throw error;
    throw new DeliveryRefusal("TRANSFORMATION_INVALID", {}, { message: error.message, cause: error });
  }
}
