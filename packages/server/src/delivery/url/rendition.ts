import {
  type CheckOptions,
  expandNames,
  namesIn,
  onlyNames,
  parseTransformation,
  type Step,
  type Transformation,
  TransformationError,
  type WrittenTransformation,
} from "@sluice/grammar";
import { findBuiltIn } from "../../library/named-transformations/built-in.ts";
import type { FindNamed } from "../../library/named-transformations/named-transformations.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { VirtualSuffix } from "./virtual-suffix.ts";

/** What a URL asks to be made of the file. */
export type Rendition = (Original | Transformed) & {
  /** `di`: the path of what is delivered where the file is missing. */
  readonly defaultImage: string | undefined;
};

/** The stored bytes, asked for by `orig-true`. */
export interface Original {
  readonly kind: "original";
}

export interface Transformed {
  /**
   * `plain` where the URL says nothing; `named` where names are all that it says: what private files are shown through.
   */
  readonly kind: "plain" | "named" | "explicit";
  /** Names have given way to what they stand for. */
  readonly transformation: Transformation;
  /** A picture of the file, whatever it is: the first page or frame (docs/protocol/delivery.md §1.4, §8.1). */
  readonly thumbnail: boolean;
  /** A virtual suffix asks for a video or a playlist of it. */
  readonly asVideo: boolean;
}

/**
 * @throws DeliveryRefusal TRANSFORMATION_INVALID for what isn't a transformation (docs/protocol/delivery.md §2, step 4)
 */
export function readWritten(written: readonly WrittenTransformation[], options?: CheckOptions): Transformation {
  return refusing(() => parseTransformation(written, options));
}

/**
 * @throws DeliveryRefusal TRANSFORMATION_INVALID for a name that the account doesn't have
 * (docs/protocol/delivery.md §2, step 6)
 */
export function chooseRendition(
  written: Transformation,
  find: FindNamed,
  suffixes: readonly VirtualSuffix[] = [],
): Rendition {
  const transformation = refusing(() => expandNames(written, find));
  const defaultImage = parameterSteps(transformation).findLast(({ parameters }) => parameters.di)?.parameters.di;
  // The original ignores whatever else is asked for.
  if (parameterSteps(transformation).some(({ parameters }) => parameters.orig === true)) {
    return { kind: "original", defaultImage };
  }
  const builtIn = [...namesIn(written)].some((name) => findBuiltIn(name) !== undefined);
  const thumbnail = suffixes.includes("ik-thumbnail.jpg");
  const named = onlyNames(written) !== undefined;
  return {
    kind: named ? "named" : suffixes.length === 0 && saysNothing(transformation) ? "plain" : "explicit",
    transformation,
    thumbnail: thumbnail || (named && builtIn),
    asVideo: suffixes.some((suffix) => suffix !== "ik-thumbnail.jpg"),
    defaultImage,
  };
}

function parameterSteps({ steps }: Transformation) {
  return steps.filter((step): step is Extract<Step, { kind: "parameters" }> => step.kind === "parameters");
}

/** Says nothing of the picture: what chooses the file, and what is read and left alone. */
const silent: ReadonlySet<string> = new Set(["di", "orig", "c2pa"]);

function saysNothing({ steps }: Transformation): boolean {
  return steps.every((step) => {
    if (step.kind !== "parameters" || step.layers.length > 0) return false;
    return Object.keys(step.parameters).every((key) => silent.has(key));
  });
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
