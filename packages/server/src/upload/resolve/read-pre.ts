import { expandNames, namesIn, type Transformation, TransformationError } from "@sluice/grammar";
import type { FindNamed } from "../../library/named-transformations/named-transformations.ts";
import { detectorMissing } from "../../media/detection/detector.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { AiEffect } from "../../media/image/plan/ai-effects.ts";
import { knownSteps } from "../../media/image/plan/asked-steps.ts";
import { looksOf } from "../../media/image/plan/looks.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";
import { readTransformation } from "../../media/image/plan/read-transformation.ts";
import {
  invalidTransformation,
  parseTransformationText,
  problemOf,
  type UploadTransformation,
} from "./parameters/transformation.ts";

/** The optional parts that this server has for transformations. */
interface CanMake extends Pick<ImageEngine, "detects"> {
  /** The effects that models do. */
  readonly aiEffects?: ReadonlySet<AiEffect>;
}

/** Finds what these names of the account's transformations stand for. */
export type FindNames = (names: Iterable<string>) => Promise<FindNamed>;

/**
 * Reads the image transformation that `pre` asks for. A transformation that this server can't make is refused here,
 * before the file is looked at, and so is an entry of `post` that could never be delivered. Models work for `post` alone:
 * an upload doesn't wait for them.
 * @returns undefined when `pre` is missing or asks for nothing (`orig-true`)
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export async function readPre(
  { pre, post }: UploadTransformation,
  findNames: FindNames,
  canMake: CanMake,
): Promise<ImageTransformation | undefined> {
  for (const [index, { type, value }] of post.entries()) {
    if (type === "transformation" && value !== undefined)
      await readImage(value, findNames, canMake, `the value of post[${index}]`);
  }
  if (pre === undefined) return undefined;
  const read = await readImage(pre, findNames, { detects: canMake.detects }, "pre");
  const hinted = knownSteps(read?.steps ?? []).some(({ size }) => size?.width === "auto" || size?.dpr === "auto");
  if (hinted) throw invalidTransformation("pre: w-auto and dpr-auto go by the screen of whoever downloads the file.");
  return read;
}

async function readImage(
  text: string,
  findNames: FindNames,
  { detects, aiEffects }: CanMake,
  where: string,
): Promise<ImageTransformation | undefined> {
  const written = parseTransformationText(text);
  const find = await findNames(namesIn(written));
  try {
    const transformation = expandNames(written, find);
    const read = readTransformation(transformation, aiEffects);
    if (asksForOriginal(transformation)) return undefined;
    if (!detects && looksOf(read).length > 0) throw invalidTransformation(`${where}: ${detectorMissing}.`);
    return read;
  } catch (error) {
    throw error instanceof TransformationError ? invalidTransformation(problemOf(error, where), error) : error;
  }
}

function asksForOriginal({ steps }: Transformation): boolean {
  return steps.some((step) => step.kind === "parameters" && step.parameters.orig === true);
}
