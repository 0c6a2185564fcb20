import { frameBytesPerPixel } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import { sizeAfter } from "../pixels/operations.ts";
import type { Plan } from "../plan/plan.ts";
import { uprightSize } from "../plan/source-facts.ts";
import { drawingLimits } from "./drawing/draw-pixels.ts";
import { encoderBytesPerPixel } from "./encoders.ts";
import type { ReadSource, SourceLimits } from "./read-source.ts";
import { countFused } from "./run-stage.ts";

/** The bytes per pixel that are held while an undecoded image is turned upright. Measured. */
export const turningBytesPerPixel = 10;

/**
 * The memory, in bytes, that rendering an image takes at its worst moment, as far as the plan tells; rather too many
 * bytes than too few. For the steps after a trim the plan tells nothing but the limits.
 * @param encoded bytes of the source
 */
export function renderingBytes(encoded: number, source: ReadSource, plan: Plan, limits: SourceLimits): number {
  const { facts } = source;
  const { operations, trim } = plan.stage;
  const frames = plan.page === "all" ? facts.pages : 1;
  const held = ({ width, height }: Size): number => width * height * frames * frameBytesPerPixel;
  const fused = facts.format === "heic" || facts.format === "svg" ? 0 : countFused(operations);
  let size = plan.orient ? uprightSize(facts) : facts.size;
  let peakBytes = 0;
  for (const [index, operation] of operations.entries()) {
    const before = size;
    size = sizeAfter(size, operation);
    // `held(size)` counts twice: for the result, and for the backdrop, the mask or the single frames that it is made
    // of.
    if (index >= fused) peakBytes = Math.max(peakBytes, held(before) + 2 * held(size));
  }
  if (trim !== undefined) peakBytes = Math.max(peakBytes, 3 * limits.memoryBytes);
  return (
    encoded +
    decoderBytes(source, plan, limits) +
    Math.max(peakBytes, 2 * held(size) + encoderBytes(size, frames, plan, limits))
  );
}

/** The bytes that the decoder holds, apart from the pixels that it returns. */
function decoderBytes({ facts, decodingBytes }: ReadSource, { orient, stage }: Plan, limits: SourceLimits): number {
  if (facts.format === "svg") return drawingLimits.memoryBytes;
  if (facts.format === "heic") return limits.memoryBytes;
  const turned = orient && facts.orientation > 1 && stage.operations[0]?.kind !== "scale";
  return decodingBytes + (turned ? facts.size.width * facts.size.height * turningBytesPerPixel : 0);
}

/** The bytes for the format that takes most. A format that takes more than the limit isn't chosen. */
function encoderBytes(
  { width, height }: Size,
  frames: number,
  { output }: Plan,
  { memoryBytes }: SourceLimits,
): number {
  const pixels = width * height;
  const bytesPerPixel = Math.max(
    ...output.formats.map((format) => encoderBytesPerPixel(format, output, pixels * frames)),
  );
  return Math.min(pixels * bytesPerPixel, memoryBytes);
}
