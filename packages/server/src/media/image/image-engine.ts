import { stat } from "node:fs/promises";
import type { Party } from "../../concurrency/fair-line.ts";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import type { Limits } from "../../config/limits.ts";
import { inStage } from "../../observability/request-stages.ts";
import { releaseMemory } from "../../storage/chunk-memory.ts";
import { toStorageError } from "../../storage/storage-error.ts";
import { type DetectRequest, PictureSearches } from "../detection/picture-searches.ts";
import type { ReadHeader } from "../formats/image-header.ts";
import { decodeWholeText } from "../inspect/text-content.ts";
import { MediaError } from "../media-error.ts";
import type { PictureFingerprint } from "../metadata/fingerprint.ts";
import { handOver } from "../processes/hand-over.ts";
import type { Isolation, MediaProcesses, TaskOptions } from "../processes/media-processes.ts";
import { ScratchFolder } from "../processes/scratch-folder.ts";
import type { LayerTask, RenderTask, Tag, TaskBytes } from "../processes/tasks.ts";
import { sanitiseSvg } from "../svg/sanitise-svg.ts";
import type { FindAiPicture } from "./asked-picture.ts";
import { estimateMs } from "./estimate-ms.ts";
import { type ImageSource, readImage } from "./image-source.ts";
import type { Region } from "./pixels/geometry.ts";
import type { WorkClock } from "./pixels/work-clock.ts";
import type { FoundThing, FoundThings } from "./plan/found-things.ts";
import { aiRequestsOf } from "./plan/layer-steps.ts";
import type { PlanContext } from "./plan/plan.ts";
import type { WrittenTransformation } from "./plan/read-transformation.ts";
import { refuseManyPages } from "./plan/refuse-parts.ts";
import { refuseBusy } from "./refuse-busy.ts";
import type { RenderedImage } from "./render/encode.ts";
import type { RenderLimits } from "./render/render-image.ts";
import { UnsentImages } from "./unsent-images.ts";

export interface RenderRequest {
  readonly source: ImageSource;
  /** The files that layers of the transformation show, and the fonts of their texts, by their paths. */
  readonly layers?: ReadonlyMap<string, LayerFileSource> | undefined;
  readonly transformation: WrittenTransformation;
  readonly context: Omit<PlanContext, "limits" | "layers">;
  /** Finds the pictures that models make in steps. Without this function, no step may need a model. */
  readonly findAiPicture?: FindAiPicture | undefined;
  /** Equal for requests that ask for the same rendering of the same bytes. These requests share one rendering. */
  readonly key: string;
  /** Equal for requests that render the same bytes. */
  readonly file?: string | undefined;
  readonly signal: AbortSignal;
  /** The time that was spent on the picture before, and what the rendering adds to it. */
  readonly clock?: WorkClock;
  /** The party that waits for the rendering; the server itself when no party is named. */
  readonly party?: Party;
}

/** A file that a layer needs: the picture that it shows, or the font of its text. */
export interface LayerFileSource {
  readonly source: ImageSource;
  /** The same for the same bytes, and for no others. */
  readonly content: string;
  /** The area of interest that is stored with the file. */
  readonly area: Region | undefined;
  /** The things that were found in the file, by `chosenPageKey`. */
  readonly things?: ReadonlyMap<string, FoundThings> | undefined;
}

/** Renders a bounded number of images at a time. It throws `MediaError`; a broken source throws its own errors. */
export interface ImageEngine {
  /** Throws `EINVALID`, `ELIMIT`, `ETIME`, `ETRANSFORMATION`, `ELAYER`, or `EBUSY`; on abort, the signal's reason. */
  render(request: RenderRequest): Promise<RenderedImage>;
  /** Whether the models that find faces and objects are installed. */
  readonly detects: boolean;
  /**
   * Finds faces or objects in a picture. Models take seconds at most, whatever the picture shows, and one picture at a
   * time. All of that counts as time of the picture for which it is asked.
   * @throws MediaError EDETECTOR where the models are not installed; ETIME where the picture has no time left; otherwise
   * as `render` does
   */
  detect(request: DetectRequest): Promise<readonly FoundThing[]>;
  /** Finds the tags of a small picture, which `render` has made. @throws MediaError; the signal's reason */
  tag(picture: Uint8Array, options: Pick<TaskOptions, "signal" | "party">): Promise<readonly Tag[]>;
  /** Finds the hash and the colour of a small picture, which `render` has made. @throws MediaError; the signal's reason */
  fingerprint(picture: Uint8Array, options: Pick<TaskOptions, "signal" | "party">): Promise<PictureFingerprint>;
  /** Reads the headers that our own readers can't. */
  readonly readHeader: ReadHeader;
  /** The way in which the system keeps the processes that decode away from everything else. */
  isolation(): Promise<Isolation>;
  /**
   * Throws `EBUSY` when one more rendering would be refused. It is for callers that lose something when they ask in
   * vain.
   */
  assertRoom(): Promise<void>;
  /**
   * Removes everything from a drawing that runs or fetches.
   * @returns undefined for a drawing that isn't well-formed or is beyond the limits
   * @throws MediaError EBUSY; the signal's reason
   */
  sanitise(source: ImageSource, signal: AbortSignal, party?: Party): Promise<string | undefined>;
  /**
   * Counts the memory of a rendered image while the image is being sent.
   * @param cut ends the sending, when too many bytes are being sent
   * @returns a function that ends the counting
   */
  hold(data: Uint8Array, cut: () => void): () => void;
  /** Refuses the renderings that wait, and waits for those that run. */
  close(): Promise<void>;
}

export type ImageLimits = Pick<
  Limits,
  | "imageBytes"
  | "imagePixels"
  | "imageFrames"
  | "animationPixels"
  | "imageSteps"
  | "imageLayers"
  | "imageMemoryBytes"
  | "imagesMemoryBytes"
  | "imageMs"
  | "animationMs"
  | "imagesWaiting"
  | "imagesWaitMs"
  | "imagesUnsentBytes"
  | "svgBytes"
  | "svgElements"
>;

export interface ImageEngineOptions {
  readonly limits: ImageLimits;
  /** The processes that decode pictures. Whoever opened them closes them after the engine. */
  readonly processes: MediaProcesses;
  /** Whether the models that search pictures are installed. */
  readonly detects: boolean;
}

/** Prepares pictures for the processes that decode them, and shares what is asked for twice. Nothing is decoded here. */
export function createImageEngine({ limits, processes, detects }: ImageEngineOptions): ImageEngine {
  const waiting = { queueLimit: limits.imagesWaiting, waitMs: limits.imagesWaitMs };
  // Drawings are sanitised on this thread. Its other work goes on between two pieces of a drawing.
  const drawings = new FairQueue({ capacity: 1, ...waiting });
  const svgLimits = { bytes: limits.svgBytes, elements: limits.svgElements };
  const shared = new ShareWork<RenderedImage>();
  const scratch = new ScratchFolder();
  const unsent = new UnsentImages(limits.imagesUnsentBytes);
  const renderLimits: RenderLimits = {
    pixels: limits.imagePixels,
    frames: limits.imageFrames,
    animationPixels: limits.animationPixels,
    steps: limits.imageSteps,
    layers: limits.imageLayers,
    memoryBytes: limits.imageMemoryBytes,
    milliseconds: limits.imageMs,
    animationMilliseconds: limits.animationMs,
  };
  const searches = new PictureSearches({
    render: (request) => engine.render(request),
    processes: detects ? processes : undefined,
    maxMs: limits.imageMs,
  });
  const engine: ImageEngine = {
    async render({
      source,
      layers = new Map(),
      transformation,
      context,
      findAiPicture,
      key,
      file,
      signal,
      clock,
      party,
    }) {
      // A source that is known to be refused neither waits for its turn nor is read.
      for (const each of [source, ...[...layers.values()].map((layer) => layer.source)]) refuseManyPages(each);
      if (source.size > limits.imageBytes) {
        throw new MediaError("ELIMIT", `The image is larger than ${limits.imageBytes} bytes`);
      }
      refuseLargeLayers(layers, limits.imageBytes);
      const { written, still, page, layers: selected } = transformation;
      const work = async (alone: AbortSignal): Promise<RenderedImage> => {
        const held: Held[] = [];
        const prepare = async (stop: AbortSignal): Promise<RenderTask> => {
          // The rendering gave way, and begins again.
          await giveBack(held);
          const bytesOf = async (from: ImageSource): Promise<TaskBytes> => {
            if (from.path !== undefined) return { path: from.path, size: from.size };
            const data = await readImage(from, limits.imageBytes, stop);
            const { bytes, done } = await handOver(data, scratch);
            const isElsewhere = "path" in bytes;
            if (isElsewhere) leaveBytes(from, data);
            held.push(isElsewhere ? { done } : { bytes: { from, data }, done });
            return bytes;
          };
          const drawn = new Map<string, LayerTask>();
          for (const [path, { source: layer, area, things }] of layers) {
            drawn.set(path, { file: await bytesOf(layer), pages: layer.pages, area, things });
          }
          return {
            file: await bytesOf(source),
            pages: source.pages,
            layers: drawn,
            transformation: { written, still, page, layers: selected },
            context,
            limits: renderLimits,
            spentMs: clock?.ms ?? 0,
          };
        };
        try {
          return await processes.run("render", prepare, {
            ...{ signal: alone, party, file, key, clock },
            findAiPicture: findAiPicture && onlyAskedBy(transformation.steps, findAiPicture),
            layers: [...new Set([...layers.values()].map(({ content }) => content))],
            estimateMs: estimateMs(source.size, written),
          });
        } catch (error) {
          // A process that opens a picture itself says it in the system's words.
          throw toStorageError(error, "read a stored image", { ENOENT: "BLOB_MISSING", ELOOP: "BLOB_MISSING" });
        } finally {
          await giveBack(held);
        }
      };
      return inStage("render", () => shared.run(key, work, signal));
    },
    detects,
    detect: (request) => searches.detect(request),
    tag: (picture, options) => processes.run("tag", async () => ({ picture }), options),
    fingerprint: (picture, options) => processes.run("fingerprint", async () => ({ picture }), options),
    async readHeader(file, formats, { signal = never, party } = {}) {
      const prepare = async () => ({
        file: typeof file === "string" ? { path: file, size: (await stat(file)).size } : { data: file },
        formats,
      });
      try {
        return await processes.run("header", prepare, { signal, party });
      } catch (error) {
        // A file that takes too long, or that breaks the library, is one that can't be read. A busy machine says nothing of it.
        if (!(error instanceof MediaError) || error.code === "EBUSY") throw error;
        if (error.code !== "ETIME" || error.exhausted) return undefined;
        throw new MediaError("EBUSY", "There was no time to read the image's header", { cause: error });
      }
    },
    isolation: () => processes.isolation(),
    assertRoom: () => processes.assertRoom(),
    async sanitise(source, signal, party) {
      if (source.size > svgLimits.bytes) return undefined;
      const work = async (stop: AbortSignal): Promise<string | undefined> => {
        const text = decodeWholeText(await readImage(source, svgLimits.bytes, stop));
        return text === undefined ? undefined : sanitiseSvg(text, svgLimits, stop);
      };
      return inStage("render", () => drawings.run(work, signal, party).catch(refuseBusy));
    },
    hold: (data, cut) => unsent.hold(data, cut),
    async close() {
      await drawings.close();
      await scratch.close();
    },
  };
  return engine;
}

const never = new AbortController().signal;

/** A process that a stranger has taken over may ask models for anything. Only what the transformation asks is passed on. */
function onlyAskedBy(steps: WrittenTransformation["steps"], find: FindAiPicture): FindAiPicture {
  const asked = aiRequestsOf(steps);
  return async (request, picture) => {
    const found = asked.find(({ effect, prompt }) => effect === request.effect && prompt === request.prompt);
    if (found === undefined) throw new Error("a process asks models for what no step asks");
    return find(found, picture);
  };
}

/** A source that is no file of this machine, while a process reads it. */
interface Held {
  /** The bytes that were read here, where the process gets them as a message. */
  readonly bytes?: { readonly from: ImageSource; readonly data: Buffer };
  readonly done: () => Promise<void>;
}

async function giveBack(held: Held[]): Promise<void> {
  for (const { bytes, done } of held.splice(0)) {
    await done();
    if (bytes !== undefined) leaveBytes(bytes.from, bytes.data);
  }
}

/** Leaves bytes that nobody here reads any more to their source, or gives their memory back. */
function leaveBytes(from: ImageSource, data: Buffer): void {
  if (from.keep === undefined) releaseMemory(data);
  else from.keep(data);
}

/** The files of layers may together be as large as one image. @throws MediaError ELIMIT */
function refuseLargeLayers(layers: ReadonlyMap<string, LayerFileSource>, maxBytes: number): void {
  const size = [...layers.values()].reduce((sum, { source }) => sum + source.size, 0);
  if (size > maxBytes) throw new MediaError("ELIMIT", `The layers' files have more than ${maxBytes} bytes together`);
}
