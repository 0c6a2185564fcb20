import type { Sharp } from "sharp";
import { type Frames, frameBytesPerPixel, joinFrames, splitFrames, toFrames } from "../pixels/frames.ts";
import { type Size, sameSize, wholePixels } from "../pixels/geometry.ts";
import { type Operation, sizeAfter } from "../pixels/operations.ts";
import type { Work } from "../pixels/work.ts";
import type { Stage } from "../plan/stage.ts";
import { type AskAi, decodeAnswer } from "./ask-ai.ts";
import { drawLayers, type RenderLayer } from "./layers/draw-layers.ts";
import { applyOperation, findSalient, findTrim, isWholeAtOnce, type PixelOperation } from "./pixel-operations.ts";
import { asMediaError } from "./render-error.ts";

/** A picture between two operations. It is either not yet decoded, or in memory. */
export type Picture = Undecoded | InMemory;

export interface Undecoded {
  readonly kind: "source";
  readonly image: Sharp;
  readonly size: Size;
  readonly count: number;
}

interface InMemory {
  readonly kind: "frames";
  /** The size of the frames, but for a drawing that was drawn larger because it will be trimmed and then enlarged. */
  readonly size: Size;
  readonly frames: Frames;
}

/** The picture that is left, and what the steps that were done say of it. */
interface Ran extends Pick<Stage, "asked"> {
  readonly picture: Picture;
}

/** The parts of a rendering that a stage leaves to others. */
export interface StageHelpers {
  readonly renderLayer: RenderLayer;
  readonly askAi: AskAi;
}

/**
 * Runs the operations of a stage. The picture stays undecoded as long as it is only cut and scaled. The decoder can
 * then shrink the picture while it decodes, and an encoder may take it row by row.
 */
export async function runStage(picture: Picture, stage: Stage, work: Work, helpers: StageHelpers): Promise<Ran> {
  const fused = picture.kind === "source" ? countFused(stage.operations) : 0;
  let current = stage.operations.slice(0, fused).reduce(fuse, picture);
  for (const operation of stage.operations.slice(fused)) {
    current = inMemory(await runOperation(await decoded(current, work), operation, work));
  }
  const { pause } = stage;
  if (pause === undefined) return { picture: current, asked: stage.asked };
  const whole = await decoded(current, work);
  if (pause.kind === "measurement") return runStage(inMemory(whole), pause.next(whole), work, helpers);
  if (pause.kind === "layers") {
    const drawn = await drawLayers(whole, pause.layers, helpers.renderLayer, work);
    return runStage(inMemory(drawn), pause.next(drawn), work, helpers);
  }
  if (pause.kind === "ai") {
    const answer = await work.waitFor(() => helpers.askAi(pause.request, whole));
    const made = await decodeAnswer(answer, pause.keepsSize ? whole : undefined, work);
    return runStage(inMemory(made), pause.next(made, made.channels === 4), work, helpers);
  }
  const left = await findTrim(whole, pause.threshold, work);
  const trimmed = await runOperation(whole, { kind: "extract", ...left }, work);
  const scale = { across: current.size.width / whole.width, down: current.size.height / whole.height };
  const size = { width: wholePixels(left.width * scale.across), height: wholePixels(left.height * scale.down) };
  const next = pause.next({ left: left.left * scale.across, top: left.top * scale.down, ...size });
  const fits = sameSize(size, left) || next.operations[0]?.kind === "scale";
  const fitting = fits ? trimmed : await runOperation(trimmed, { kind: "scale", ...size }, work);
  return runStage(inMemory(fitting), next, work, helpers);
}

export function inMemory(frames: Frames): InMemory {
  return { kind: "frames", size: frames, frames };
}

/** Decodes a picture that isn't decoded yet. */
export async function decoded(picture: Picture, work: Work): Promise<Frames> {
  if (picture.kind === "frames") return picture.frames;
  const { image, size, count } = picture;
  work.reserve(size, count * frameBytesPerPixel);
  return toFrames(work.bound(image), count).catch((error: unknown) => {
    throw asMediaError(error);
  });
}

/** sharp cuts, scales and cuts again in one pipeline, in this order. */
const fusedOrder = ["extract", "scale", "extract"];

/** Counts the operations that can be done while the picture is being decoded. */
export function countFused(operations: readonly Operation[]): number {
  let at = 0;
  let count = 0;
  for (const { kind } of operations) {
    const found = fusedOrder.indexOf(kind, at);
    if (found === -1) break;
    at = found + 1;
    count += 1;
  }
  return count;
}

/** Leaves only the first frame, for a still format that a condition has chosen once the frames were decoded. */
export async function firstFrame(picture: Picture, work: Work): Promise<Picture> {
  const count = picture.kind === "source" ? picture.count : picture.frames.count;
  return count === 1 ? picture : inMemory(splitFrames(await decoded(picture, work))[0]);
}

function fuse(picture: Picture, operation: Operation): Picture {
  if (picture.kind === "source" && operation.kind === "scale") {
    picture.image.resize({ width: operation.width, height: operation.height, fit: "fill" });
  } else if (picture.kind === "source" && operation.kind === "extract") {
    const { left, top, width, height } = operation;
    picture.image.extract({ left, top, width, height });
  }
  return { ...picture, size: sizeAfter(picture.size, operation) };
}

async function runOperation(input: Frames, operation: Operation, work: Work): Promise<Frames> {
  work.reserve(sizeAfter(input, operation), input.count * frameBytesPerPixel);
  const settled: PixelOperation =
    operation.kind === "extract-salient"
      ? { kind: "extract", ...(await findSalient(input, operation, work)) }
      : operation;
  if (input.count === 1 || isWholeAtOnce(settled)) {
    return toFrames(work.bound(await applyOperation(input, settled, work)), input.count);
  }
  const [first, ...others] = splitFrames(input);
  const done: [Frames, ...Frames[]] = [await runOperation(first, settled, work)];
  for (const frame of others) done.push(await runOperation(frame, settled, work));
  return joinFrames(done);
}
