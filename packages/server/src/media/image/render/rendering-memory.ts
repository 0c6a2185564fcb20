import { MediaError } from "../../media-error.ts";
import { frameBytesPerPixel } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import { sizeAfter } from "../pixels/operations.ts";
import { layerFileKey } from "../plan/layer-steps.ts";
import type { Plan } from "../plan/plan.ts";
import { isDocument, type SourceFormat, uprightSize } from "../plan/source-facts.ts";
import type { Pause, PlannedLayer, Stage } from "../plan/stage.ts";
import { drawingLimits } from "./drawing/draw-pixels.ts";
import { encoderBytesPerPixel, isWrittenSlowly } from "./encoders.ts";
import { batchBytes } from "./layers/draw-layers.ts";
import type { LayerSource } from "./layers/layer-source.ts";
import type { ReadSource, SourceLimits } from "./read-source.ts";
import { countFused } from "./run-stage.ts";
import { textProcessLimits } from "./text/draw-with-font.ts";

/** The stage after a pause that leaves the picture's size as it is; undefined where there is no such stage. */
export function nextStage(pause: Pause, size: Size): Stage | undefined {
  try {
    return pause.next({ left: 0, top: 0, ...size });
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

/** The bytes per pixel that are held while an undecoded image is turned upright. Measured. */
export const turningBytesPerPixel = 10;

/** The memory that a rendering takes at its worst moment, rather too much than too little. */
export interface RenderingMemory {
  readonly bytes: number;
  /** The bytes that the picture may have between two operations. */
  readonly pictureBytes: number;
}

/**
 * Estimates the memory of a rendering. What a trim or a cutter leaves may be a thin strip that later steps enlarge, but
 * hardly ever is. Such a rendering gets two estimates: the first counts what is left as if it were the whole picture, and
 * the second as the largest picture that there may be. It begins again with the second when the first isn't enough.
 * @param encoded bytes of the source, and of all files of its layers
 * @param layers the files that layers show, by `layerFileKey`
 */
export function renderingMemory(
  encoded: number,
  source: ReadSource,
  plan: Plan,
  limits: SourceLimits,
  layers: ReadonlyMap<string, LayerSource>,
): readonly [first: RenderingMemory, again?: RenderingMemory] {
  const { facts } = source;
  const frames = plan.page === "all" ? facts.pages : 1;
  const fused = isDecodedWhole(facts.format) ? 0 : countFused(plan.stage.operations);
  const start = plan.orient ? uprightSize(facts) : facts.size;
  const estimate = (pictureBytes: number): RenderingMemory & Pick<Worst, "isLikelyLess"> => {
    const worst = worstOf(plan.stage, { start, fused, frames, limits, layers, pictureBytes });
    const written = 2 * heldBytes(worst.size, frames) + encoderBytes(worst.size, frames, plan, limits);
    const bytes = encoded + decoderBytes(source, plan, limits) + Math.max(worst.bytes, written);
    return { bytes, pictureBytes, isLikelyLess: worst.isLikelyLess };
  };
  const most = estimate(limits.memoryBytes);
  if (!most.isLikelyLess) return [most];
  const held = fused > 0 ? 0 : heldBytes(start, frames);
  const likely = Math.max(minPictureBytes, held, 2 * frames * largestBytes(plan.stage, start));
  return likely < limits.memoryBytes ? [estimate(likely), most] : [most];
}

/** Whether nothing is done to the picture while it is decoded. */
function isDecodedWhole(format: SourceFormat): boolean {
  return format === "heic" || format === "svg" || isDocument(format);
}

/** The bytes that a layer's picture may have between two operations, if the layer's edges aren't trimmed. */
export function layerPictureBytes(layer: PlannedLayer, { memoryBytes }: SourceLimits): number {
  const { content, stage, start } = layer;
  // A file that is scaled first isn't held as large as it is.
  const held = content.kind === "file" && stage.operations[0]?.kind === "scale" ? 0 : heldBytes(start, 1);
  return Math.min(memoryBytes, Math.max(minPictureBytes, 2 * Math.max(held, largestBytes(stage, start))));
}

/** A picture that a trim or a cutter leaves may become so large at any rate. */
const minPictureBytes = 16 * 1024 * 1024;

/** The bytes of the largest result of an operation. */
function largestBytes({ operations, pause }: Stage, start: Size): number {
  let size = start;
  let bytes = 0;
  for (const operation of operations) {
    size = sizeAfter(size, operation);
    bytes = Math.max(bytes, heldBytes(size, 1));
  }
  const next = pause && nextStage(pause, size);
  return next === undefined ? bytes : Math.max(bytes, largestBytes(next, size));
}

function heldBytes({ width, height }: Size, frames: number): number {
  return width * height * frames * frameBytesPerPixel;
}

interface Estimating {
  readonly start: Size;
  /** The number of operations that are done while the picture is decoded. */
  readonly fused: number;
  readonly frames: number;
  readonly limits: SourceLimits;
  readonly layers: ReadonlyMap<string, LayerSource>;
  /** The bytes that count for a picture whose size isn't known. */
  readonly pictureBytes: number;
}

interface Worst {
  readonly bytes: number;
  /** The size of the result, or the largest that counts for it. */
  readonly size: Size;
  /** Whether the picture of unknown size is hardly ever larger than the whole picture. */
  readonly isLikelyLess: boolean;
}

function worstOf(stage: Stage, estimating: Estimating): Worst {
  const { fused, frames, limits, pictureBytes } = estimating;
  let size = estimating.start;
  let bytes = 0;
  for (const [index, operation] of stage.operations.entries()) {
    const before = size;
    size = sizeAfter(size, operation);
    // The result counts twice: for itself, and for the backdrop, the mask or the single frames that it is made of.
    const copies = operation.kind === "effect" && operation.copiesInput === true ? 2 : 1;
    if (index >= fused) bytes = Math.max(bytes, copies * heldBytes(before, frames) + 2 * heldBytes(size, frames));
  }
  const { pause } = stage;
  if (pause === undefined) return { bytes, size, isLikelyLess: false };
  // The picture that a model was given, the one that it has made, and that one at the size of the first.
  if (pause.kind === "ai") bytes = Math.max(bytes, 3 * heldBytes(size, frames));
  if (pause.kind === "layers") bytes = Math.max(bytes, drawingBytes(pause.layers, size, estimating));
  if (leavesUnknownSize(pause)) {
    const left = pictureBytes < limits.memoryBytes ? rowOf(pictureBytes, frames) : size;
    const behind = 3 * pictureBytes + bytesBehind(pause, size, estimating);
    return { bytes: Math.max(bytes, behind), size: left, isLikelyLess: pause.kind !== "ai" };
  }
  const next = nextStage(pause, size);
  if (next === undefined) return { bytes, size, isLikelyLess: false };
  const after = worstOf(next, { ...estimating, start: size, fused: 0 });
  return { ...after, bytes: Math.max(bytes, after.bytes) };
}

/** A picture of so many bytes. */
function rowOf(bytes: number, frames: number): Size {
  return { width: Math.ceil(bytes / (frames * frameBytesPerPixel)), height: 1 };
}

/** Whether only the pixels tell how large the picture is that is left. A model may make one of any size. */
function leavesUnknownSize(pause: Pause): boolean {
  if (pause.kind === "ai") return !pause.keepsSize;
  if (pause.kind === "layers") return !pause.last && pause.layers.some(({ mode }) => mode === "cutter");
  return pause.kind === "trim";
}

/** The bytes of layers that are drawn on a picture of unknown size, as far as the plan for the whole picture tells. */
function bytesBehind(pause: Pause, size: Size, { limits, layers }: Estimating): number {
  const next = nextStage(pause, size);
  if (next === undefined) {
    const whole = { orient: true, stage: { operations: [] } };
    const decoders = [...layers.values()].map(({ source }) => decoderBytes(source, whole, limits));
    return batchBytes + Math.max(0, ...decoders) + 3 * limits.memoryBytes;
  }
  return layersBytes(layersWithin(next), limits, layers);
}

function drawingBytes(drawn: readonly PlannedLayer[], parent: Size, { frames, limits, layers }: Estimating): number {
  return 3 * heldBytes(parent, frames) + 2 * heldBytes(parent, 1) + layersBytes(drawn, limits, layers);
}

/** Layers are rendered one after the other, and wait for each other to be drawn together. */
function layersBytes(
  drawn: readonly PlannedLayer[],
  limits: SourceLimits,
  layers: ReadonlyMap<string, LayerSource>,
): number {
  if (drawn.length === 0) return 0;
  return batchBytes + Math.max(...drawn.map((layer) => layerBytes(layer, limits, layers)));
}

function layerBytes(layer: PlannedLayer, limits: SourceLimits, layers: ReadonlyMap<string, LayerSource>): number {
  const { content, stage } = layer;
  const file = content.kind === "file" ? layers.get(layerFileKey(content.file)) : undefined;
  const orient = content.kind === "file" && content.orient;
  const apart = content.kind === "text" && content.font.kind === "file" ? textProcessLimits.memoryBytes : 0;
  const decoder = file === undefined ? apart : decoderBytes(file.source, { orient, stage }, limits);
  return decoder + 3 * layerPictureBytes(layer, limits) + layersBytes(layersWithin(stage), limits, layers);
}

function layersWithin({ pause, size }: Stage): readonly PlannedLayer[] {
  if (pause === undefined) return [];
  const next = nextStage(pause, size);
  return [...(pause.kind === "layers" ? pause.layers : []), ...(next === undefined ? [] : layersWithin(next))];
}

/** The bytes that the decoder holds, apart from the pixels that it returns. */
function decoderBytes(
  { facts, decodingBytes }: ReadSource,
  { orient, stage }: Pick<Plan, "orient"> & { readonly stage: Pick<Stage, "operations"> },
  limits: SourceLimits,
): number {
  if (facts.format === "svg") return drawingLimits.memoryBytes;
  if (facts.format === "heic" || isDocument(facts.format)) return limits.memoryBytes;
  const turned = orient && facts.orientation > 1 && stage.operations[0]?.kind !== "scale";
  return decodingBytes + (turned ? facts.size.width * facts.size.height * turningBytesPerPixel : 0);
}

/** An encoder that works long gives little back of what it has freed. Measured. */
const slowFactor = 2;

/**
 * The bytes for the format that takes most, or as many as may be where that isn't known. A format that takes more than
 * the limit isn't chosen.
 */
function encoderBytes({ width, height }: Size, frames: number, plan: Plan, { memoryBytes }: SourceLimits): number {
  const { output, undecided } = plan;
  const pixels = width * height;
  const all = pixels * frames;
  if (undecided) return slowFactor * memoryBytes;
  const formats = output.formats.map((format) => {
    const bytes = Math.min(pixels * encoderBytesPerPixel(format, output, all), memoryBytes);
    return isWrittenSlowly(format, all, output) ? slowFactor * bytes : bytes;
  });
  return Math.max(...formats);
}
