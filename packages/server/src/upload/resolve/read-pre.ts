import {
  expandNames,
  type LayerFiles,
  layerFilesIn,
  namesIn,
  onlyNames,
  type Transformation,
  TransformationError,
} from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { FindNamed } from "../../library/named-transformations/named-transformations.ts";
import { detectorMissing } from "../../media/detection/installed.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { AiEffect } from "../../media/image/plan/ai-effects.ts";
import { knownSteps } from "../../media/image/plan/asked-steps.ts";
import { neededDetections } from "../../media/image/plan/needed-detections.ts";
import { readTransformation, type WrittenTransformation } from "../../media/image/plan/read-transformation.ts";
import { MediaError } from "../../media/media-error.ts";
import { assertCanMake } from "../../media/video/encode-video.ts";
import type { Ffmpeg, NoFfmpeg } from "../../media/video/ffmpeg.ts";
import { checkVideo } from "../../media/video/plan-encode.ts";
import type { ProbedFacts } from "../../media/video/probed-facts.ts";
import type { VideoLimits } from "../../media/video/video-filters.ts";
import { refuseForVideo } from "../../media/video/video-request.ts";
import {
  invalidTransformation,
  parseTransformationText,
  problemOf,
  type UploadTransformation,
} from "./parameters/transformation.ts";

/** What `pre` asks for, before it is known whether of an image or of a video. */
export interface ResolvedPre {
  /** The transformation, in which names are expanded. */
  readonly transformation: Transformation;
  /** What is asked of an image, or why no image can be made. */
  readonly image: WrittenTransformation | SluiceError;
  /** Whether it can be asked of a video. */
  readonly mayBeVideo: boolean;
}

/** The optional parts that this server has for the upload's transformations, and what the upload may ask for. */
export interface CanMake extends Pick<ImageEngine, "detects"> {
  /** The effects that models do. */
  readonly aiEffects?: ReadonlySet<AiEffect>;
  /** Whether layers of such a `pre` may show these files of the library. They may if this is missing. */
  readonly mayShow?: (files: LayerFiles, kind: "named" | "explicit") => Promise<boolean>;
  /** The bounds of videos; missing where no video can be made. */
  readonly videos?: VideoLimits;
}

/** Finds what these names of the account's transformations stand for. */
export type FindNames = (names: Iterable<string>) => Promise<FindNamed>;

/**
 * Reads what `pre` asks for. A transformation that this server can make neither of an image nor of a video is refused
 * here, before the file is looked at, and so is an entry of `post` that could never be delivered. Models work for `post`
 * alone: an upload doesn't wait for them. What `post` draws is shown by URLs alone, which the rules of access stand
 * before.
 * @returns undefined when `pre` is missing or asks for nothing (`orig-true`)
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export async function readPre(
  { pre, post }: UploadTransformation,
  findNames: FindNames,
  canMake: CanMake,
): Promise<ResolvedPre | undefined> {
  for (const [index, { type, value }] of post.entries()) {
    if (type === "transformation" && value !== undefined)
      await readEither(value, findNames, canMake, `the value of post[${index}]`);
  }
  if (pre === undefined) return undefined;
  const { detects, mayShow, videos } = canMake;
  const read = await readEither(pre, findNames, { detects, ...(videos && { videos }) }, "pre");
  if (read === undefined) return undefined;
  const kind = onlyNames(parseTransformationText(pre)) === undefined ? "explicit" : "named";
  const mayShowAll = (await mayShow?.(layerFilesIn(read.transformation), kind)) ?? true;
  if (!mayShowAll) throw invalidTransformation(layersRefused);
  if (read.image instanceof SluiceError || !goesByScreen(read.image)) return read;
  throw invalidTransformation("pre: w-auto and dpr-auto go by the screen of whoever downloads the file.");
}

const layersRefused =
  "pre: Its layers can't show these files of the library, since the account restricts their unsigned URLs, and a V1 " +
  "signature doesn't sign the transformation. Upload with a token to /api/v2, or with the private key.";

function goesByScreen({ steps }: WrittenTransformation): boolean {
  return knownSteps(steps).some(({ size }) => size?.width === "auto" || size?.dpr === "auto");
}

/** Reads what is asked of an image or of a video. */
async function readEither(
  text: string,
  findNames: FindNames,
  { detects, aiEffects, videos }: CanMake,
  where: string,
): Promise<ResolvedPre | undefined> {
  const written = parseTransformationText(text);
  const find = await findNames(namesIn(written));
  const transformation = refusing(where, () => expandNames(written, find));
  if (asksForOriginal(transformation)) {
    refusing(where, () => readTransformation(transformation, aiEffects));
    return undefined;
  }
  const image = orRefusal(() => {
    const read = refusing(where, () => readTransformation(transformation, aiEffects));
    if (!detects && neededDetections(read).length > 0) throw invalidTransformation(`${where}: ${detectorMissing}.`);
    return read;
  });
  const video =
    videos &&
    orRefusal(() => {
      // Conditions compare sizes, which the file will tell.
      if (transformation.steps.some(({ kind }) => kind !== "parameters")) {
        return refusing(where, () => refuseForVideo(transformation));
      }
      return checkPreOfVideo(transformation, {}, videos, where);
    });
  const mayBeVideo = video !== undefined && !(video instanceof SluiceError);
  if (image instanceof SluiceError && !mayBeVideo) throw image;
  return { transformation, image, mayBeVideo };
}

/**
 * Refuses what can't be made of a video with these facts.
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export function checkPreOfVideo(
  transformation: Transformation,
  facts: ProbedFacts,
  limits: VideoLimits,
  where = "pre",
): void {
  // The job reads what layers play.
  const layers = new Map([...layerFilesIn(transformation).videos].map((path) => [path, {}]));
  refusing(where, () => checkVideo(transformation, { facts, layers }, limits));
}

/**
 * Refuses what needs another program than the one that reads videos here.
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export function checkProgram(program: Ffmpeg | NoFfmpeg, transformation: Transformation): void {
  if (!("missing" in program)) refusing("pre", () => assertCanMake(program, transformation));
}

/** @throws SluiceError TRANSFORMATION_INVALID, where the work finds that the transformation is wrong */
function refusing<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TransformationError) throw invalidTransformation(problemOf(error, where), error);
    if (error instanceof MediaError)
      throw invalidTransformation(`${where}: ${error.message.replace(/\.?$/, ".")}`, error);
    throw error;
  }
}

function orRefusal<Result>(work: () => Result): Result | SluiceError {
  try {
    return work();
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function asksForOriginal({ steps }: Transformation): boolean {
  return steps.some((step) => step.kind === "parameters" && step.parameters.orig === true);
}
