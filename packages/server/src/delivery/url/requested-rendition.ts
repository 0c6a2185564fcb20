import {
  type CheckOptions,
  everyStep,
  expandNames,
  namesIn,
  onlyNames,
  parseTransformation,
  type Step,
  type Transformation,
  TransformationError,
  type WrittenTransformation,
} from "@sluice/grammar";
import type { FindNamed } from "../../library/named-transformations/named-transformations.ts";
import { findBuiltIn } from "../../library/named-transformations/named-transformations.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { VirtualSuffix } from "./virtual-suffix.ts";

/** A rendition says what a URL asks the server to make of the file. */
export type RequestedRendition = (Original | Transformed) & {
  /** `di`: the path of the file that is delivered where the requested file is missing. */
  readonly defaultImage: string | undefined;
};

/** The stored bytes, asked for by `orig-true`. */
export interface Original {
  readonly kind: "original";
}

export interface Transformed {
  /**
   * `plain`: the URL says nothing about the picture. `named`: the URL uses only named transformations, through which
   * private files may be shown. `explicit`: everything else.
   */
  readonly kind: "plain" | "named" | "explicit";
  /** Names are replaced by the transformations that they stand for. */
  readonly transformation: Transformation;
  /**
   * Whether the URL asks for a still picture of the file, whatever its type: the first page or frame
   * (docs/protocol/delivery.md §1.4, §8.1).
   */
  readonly thumbnail: boolean;
  /** Whether a virtual suffix asks for a video of the file, whatever its type. */
  readonly asVideo: boolean;
  /** The half of a sprite that a virtual suffix asks for: the picture with stills of the file, or their places in it. */
  readonly sprite?: "picture" | "places" | undefined;
  /** Whether a virtual suffix asks for a playlist of the file. */
  readonly playlist: boolean;
}

/**
 * @throws DeliveryRefusal TRANSFORMATION_INVALID for a text that isn't a transformation (docs/protocol/delivery.md §2,
 * step 4)
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
): RequestedRendition {
  const transformation = refusing(() => expandNames(written, find));
  // A file that is missing has no size, so the default image counts whichever branch names it.
  const defaultImage = everyStep(transformation.steps).findLast(({ parameters }) => parameters.di)?.parameters.di;
  // A URL that asks for the original gets it, whatever else the URL asks for.
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
    asVideo: suffixes.some((suffix) => suffix === "ik-video.mp4" || suffix === "ik-gif-video.mp4"),
    sprite: suffixes.includes("ik-sprite.jpg") ? "picture" : suffixes.includes("ik-sprite.vtt") ? "places" : undefined,
    playlist: suffixes.some((suffix) => suffix === "ik-master.m3u8" || suffix === "ik-master.mpd"),
    defaultImage,
  };
}

function parameterSteps({ steps }: Transformation) {
  return steps.filter((step): step is Extract<Step, { kind: "parameters" }> => step.kind === "parameters");
}

/** Parameters that don't change the picture: they choose the file, or are read and have no effect. */
const silent: ReadonlySet<string> = new Set(["di", "orig", "c2pa"]);

function saysNothing({ steps }: Transformation): boolean {
  return steps.every((step) => {
    if (step.kind !== "parameters" || step.layers.length > 0) return false;
    return Object.keys(step.parameters).every((key) => silent.has(key));
  });
}

/** Turns errors of the transformation language into refusals. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TransformationError)) throw error;
    throw new DeliveryRefusal("TRANSFORMATION_INVALID", {}, { message: error.message, cause: error });
  }
}
