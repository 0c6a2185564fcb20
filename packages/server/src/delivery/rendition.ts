import {
  expandNames,
  onlyNames,
  parseTransformation,
  type Transformation,
  TransformationError,
  type WrittenTransformation,
} from "@sluice/grammar";
import type { FindNamed } from "../library/named-transformations/named-transformations.ts";
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

/** @throws DeliveryRefusal TRANSFORMATION_INVALID for what isn't a transformation (spec/delivery.md §2, step 4) */
export function readWritten(written: readonly WrittenTransformation[]): Transformation {
  return refusing(() => parseTransformation(written));
}

/** @throws DeliveryRefusal TRANSFORMATION_INVALID for a name that the account doesn't have (spec/delivery.md §2, step 6) */
export function chooseRendition(parsed: Transformation, find: FindNamed): Rendition {
  const transformation = refusing(() => expandNames(parsed, find));
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
