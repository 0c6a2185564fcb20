import { MediaError } from "../../../media-error.ts";
import { moduleBeside } from "../../../processes/module-beside.ts";
import { type ProcessLimits, runProcess } from "../../../processes/run-process.ts";
import type { Frames } from "../../pixels/frames.ts";
import { type Size, scaled } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";

export interface DrawingLimits extends ProcessLimits {
  /** The limit for one canvas. Filters need several canvases at once. */
  readonly pixels: number;
}

/**
 * A drawing that takes longer does so on purpose: a few hundred bytes of filters can keep a renderer busy for minutes.
 */
export const drawingLimits: DrawingLimits = Object.freeze({
  milliseconds: 4000,
  pixels: 16_000_000,
  memoryBytes: 768 * 1024 * 1024,
});

/** The density at which a pixel of a drawing is one pixel of the result. */
const plainDensity = 72;

/**
 * Draws an SVG at a size. The renderer stops for no limit, so it runs in a process of its own, which can be killed.
 * @param natural the size that the drawing asks for
 * @throws MediaError EINVALID, ELIMIT, ETIME, or EBUSY where no process can be started; the signal's reason
 */
export async function drawPixels(
  svg: Buffer,
  natural: Size,
  size: Size,
  work: Work,
  { milliseconds, pixels, memoryBytes }: DrawingLimits = drawingLimits,
): Promise<Frames> {
  work.check();
  const factor = Math.max(size.width / natural.width, size.height / natural.height);
  const drawn = scaled(natural, factor);
  if (drawn.width * drawn.height > pixels) {
    throw new MediaError(
      "ELIMIT",
      `A drawing of ${drawn.width} x ${drawn.height} pixels is more than this server makes`,
    );
  }
  const density = Math.min(Math.max(factor * plainDensity, 1), 100_000);
  const drawnBytes = size.width * size.height * 4;
  const { output: data, signal } = await runProcess(
    {
      program,
      arguments: [size.width, size.height, density],
      input: svg,
      limits: { milliseconds, memoryBytes },
      maxOutputBytes: drawnBytes,
      late: "The drawing took too long to draw",
    },
    work,
  );
  if (data.length !== drawnBytes) throw refusalFor(signal, memoryBytes);
  return { data, width: size.width, height: size.height, channels: 4, count: 1 };
}

/** The process ends itself by a signal when it takes too much, and by an error when there is nothing to draw. */
function refusalFor(signal: string | null, memoryBytes: number): MediaError {
  return signal === null
    ? new MediaError("EINVALID", "The drawing can't be drawn")
    : new MediaError("ELIMIT", `The drawing takes more than ${memoryBytes} bytes of memory to draw`);
}

const program = moduleBeside("./drawing-process", import.meta.url);
