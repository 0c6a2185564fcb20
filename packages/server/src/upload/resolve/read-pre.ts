import { expandNames, namesIn, onlyNames, type Transformation, TransformationError } from "@sluice/grammar";
import type { FindNamed } from "../../library/named-transformations/named-transformations.ts";
import { detectorMissing } from "../../media/detection/installed.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { AiEffect } from "../../media/image/plan/ai-effects.ts";
import { knownSteps } from "../../media/image/plan/asked-steps.ts";
import { layerFilesOf } from "../../media/image/plan/layer-steps.ts";
import { neededDetections } from "../../media/image/plan/needed-detections.ts";
import { readTransformation, type WrittenTransformation } from "../../media/image/plan/read-transformation.ts";
import {
  invalidTransformation,
  parseTransformationText,
  problemOf,
  type UploadTransformation,
} from "./parameters/transformation.ts";

/** The optional parts that this server has for the upload's transformations, and what the upload may ask for. */
interface CanMake extends Pick<ImageEngine, "detects"> {
  /** The effects that models do. */
  readonly aiEffects?: ReadonlySet<AiEffect>;
  /** Whether layers of such a `pre` may draw pictures of the library. They may if this is missing. */
  readonly mayDrawPictures?: (kind: "named" | "explicit") => Promise<boolean>;
}

/** Finds what these names of the account's transformations stand for. */
export type FindNames = (names: Iterable<string>) => Promise<FindNamed>;

/**
 * Reads the image transformation that `pre` asks for. A transformation that this server can't make is refused here,
 * before the file is looked at, and so is an entry of `post` that could never be delivered. Models work for `post` alone:
 * an upload doesn't wait for them. What `post` draws is shown by URLs alone, which the rules of access stand before.
 * @returns undefined when `pre` is missing or asks for nothing (`orig-true`)
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export async function readPre(
  { pre, post }: UploadTransformation,
  findNames: FindNames,
  canMake: CanMake,
): Promise<WrittenTransformation | undefined> {
  for (const [index, { type, value }] of post.entries()) {
    if (type === "transformation" && value !== undefined)
      await readImage(value, findNames, canMake, `the value of post[${index}]`);
  }
  if (pre === undefined) return undefined;
  const read = await readImage(pre, findNames, { detects: canMake.detects }, "pre");
  const hinted = knownSteps(read?.steps ?? []).some(({ size }) => size?.width === "auto" || size?.dpr === "auto");
  if (hinted) throw invalidTransformation("pre: w-auto and dpr-auto go by the screen of whoever downloads the file.");
  const { mayDrawPictures } = canMake;
  if (mayDrawPictures !== undefined && layerFilesOf(read?.steps ?? []).length > 0) {
    const kind = onlyNames(parseTransformationText(pre)) === undefined ? "explicit" : "named";
    if (!(await mayDrawPictures(kind))) throw invalidTransformation(picturesRefused);
  }
  return read;
}

const picturesRefused =
  "pre: Its layers can't draw pictures of the library, since the account restricts unsigned URLs of images, and a V1 " +
  "signature doesn't sign the transformation. Upload with a token to /api/v2, or with the private key.";

async function readImage(
  text: string,
  findNames: FindNames,
  { detects, aiEffects }: CanMake,
  where: string,
): Promise<WrittenTransformation | undefined> {
  const written = parseTransformationText(text);
  const find = await findNames(namesIn(written));
  try {
    const transformation = expandNames(written, find);
    const read = readTransformation(transformation, aiEffects);
    if (asksForOriginal(transformation)) return undefined;
    if (!detects && neededDetections(read).length > 0) throw invalidTransformation(`${where}: ${detectorMissing}.`);
    return read;
  } catch (error) {
    throw error instanceof TransformationError ? invalidTransformation(problemOf(error, where), error) : error;
  }
}

function asksForOriginal({ steps }: Transformation): boolean {
  return steps.some((step) => step.kind === "parameters" && step.parameters.orig === true);
}
