import type { Party } from "../../../../concurrency/fair-line.ts";
import type { Database } from "../../../../database/database.ts";
import { findPictureDetection } from "../../../../database/repositories/picture-detections.ts";
import type { DetectRequest } from "../../../../media/detection/picture-searches.ts";
import { detectionRevision } from "../../../../media/detection/searches.ts";
import type { ImageEngine, LayerFileSource } from "../../../../media/image/image-engine.ts";
import type { ImageSource } from "../../../../media/image/image-source.ts";
import type { WorkClock } from "../../../../media/image/pixels/work-clock.ts";
import { type ChosenPage, chosenPageKey } from "../../../../media/image/plan/chosen-page.ts";
import type { FoundThing, FoundThings } from "../../../../media/image/plan/found-things.ts";
import { type NeededDetection, neededDetections } from "../../../../media/image/plan/needed-detections.ts";
import type { ImageTransformation } from "../../../../media/image/plan/plan.ts";
import type { MediaError } from "../../../../media/media-error.ts";
import { keepPictureDetection } from "./detection-transactions.ts";

export interface DetectionDeps {
  readonly images: Pick<ImageEngine, "detect">;
  readonly database: Pick<Database, "reader" | "run">;
}

/** A picture to render, and the files that its layers draw, by their paths. */
export interface Subject {
  readonly picture: SearchedFile;
  readonly layers: ReadonlyMap<string, LayerFileSource>;
  readonly transformation: Pick<ImageTransformation, "steps" | keyof ChosenPage>;
}

interface SearchedFile {
  readonly source: ImageSource;
  /** The id of the blob with these bytes; a unique text for bytes that are not in the library. */
  readonly content: string;
}

/** The things that were found, as a rendering takes them. */
interface FoundInSubject {
  readonly things: FoundThings | undefined;
  readonly layers: ReadonlyMap<string, LayerFileSource>;
}

/** The rendering for which pictures are searched. */
interface Searching {
  readonly party: Party;
  /** The time that was spent on the rendering so far. The searches add theirs, and the rendering takes what is left. */
  readonly clock: WorkClock;
}

/**
 * Finds what a transformation has to know of its pictures. Each search is made once and kept with the bytes, so that all
 * nodes crop a version alike, also those without the models. A search that has begun is finished and kept, also when the
 * rendering's time is up. So the next attempt goes on from there.
 * @throws MediaError as `ImageEngine.detect` does, and ETIME when the rendering's time is up; the database's errors
 */
export async function findThings(
  deps: DetectionDeps,
  { picture, layers, transformation }: Subject,
  signal: AbortSignal,
  searching: Searching,
): Promise<FoundInSubject> {
  const needed = neededDetections(transformation);
  if (needed.length === 0) return { things: undefined, layers };
  const ofPath = (path: string | undefined) => needed.filter((one) => one.path === path);
  return untilLate(signal, async (alone, onLate) => {
    const asked = { ...searching, signal: alone, onLate };
    const things = await search(deps, picture, ofPath(undefined), asked);
    const found = new Map<string, LayerFileSource>();
    for (const [path, layer] of layers) {
      found.set(path, { ...layer, things: await search(deps, layer, ofPath(path), asked) });
    }
    return { things: things.get(chosenPageKey(transformation)), layers: found };
  });
}

/** Waits for work until it is called late. Late work goes on by itself; before, it ends with the signal. */
async function untilLate<Result>(
  signal: AbortSignal,
  work: (alone: AbortSignal, onLate: (error: MediaError) => void) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const alone = new AbortController();
  const late = Promise.withResolvers<never>();
  const leave = (): void => alone.abort(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work(alone.signal, late.reject), late.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/**
 * A search of chosen layers is not recorded: a file has as many choices as somebody may write URLs, and the picture that
 * is made of one stays in the derived cache.
 * @returns what was found, by `chosenPageKey`
 */
async function search(
  { images, database }: DetectionDeps,
  { source, content }: SearchedFile,
  needed: readonly NeededDetection[],
  asked: Searching & Pick<DetectRequest, "signal" | "onLate">,
): Promise<ReadonlyMap<string, FoundThings>> {
  const found = new Map<string, FoundThings>();
  for (const { detection, page, layers } of needed) {
    const chosen = { page, layers };
    const make = () => images.detect({ source, content, ...chosen, detection, ...asked });
    const recorded = async (): Promise<readonly FoundThing[]> => {
      const record = { blobId: content, detection, page: page ?? 0, revision: detectionRevision };
      const things =
        (await findPictureDetection(database.reader, record)) ??
        (await database.run(keepPictureDetection, { search: record, things: JSON.stringify(await make()) }));
      return JSON.parse(things);
    };
    const key = chosenPageKey(chosen);
    found.set(key, { ...found.get(key), [detection]: await (layers === undefined ? recorded() : make()) });
  }
  return found;
}
