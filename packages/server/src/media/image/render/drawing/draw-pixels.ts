import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { MediaError } from "../../../media-error.ts";
import type { Frames } from "../../pixels/frames.ts";
import { type Size, scaled } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";

export interface DrawingLimits {
  readonly milliseconds: number;
  /** The limit for one canvas. Filters need several canvases at once. */
  readonly pixels: number;
  /** The limit for the whole process: some canvases of the largest size, and the program itself. */
  readonly memoryBytes: number;
}

/**
 * A drawing that takes longer does so on purpose: a few hundred bytes of filters can keep a renderer busy for minutes.
 */
export const drawingLimits: DrawingLimits = Object.freeze({
  milliseconds: 4000,
  pixels: 16_000_000,
  memoryBytes: 768 * 1024 * 1024,
});

/**
 * Milliseconds that are added to the limit before the process ends itself, in case no other process is left to end it.
 * They are more than the process takes to start.
 */
const startingTimeMs = 2000;

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
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(milliseconds, work.left()))));
  const density = Math.min(Math.max(factor * plainDensity, 1), 100_000);
  const limits = [memoryBytes, milliseconds + startingTimeMs];
  const child = spawn(process.execPath, [program, size.width, size.height, density, ...limits].map(String), {
    stdio: ["pipe", "pipe", "ignore"],
    env: {},
    killSignal: "SIGKILL",
    signal: AbortSignal.any([time, work.signal]),
  });
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  const ended = new Promise<string | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  try {
    // Without a process, its pipes may be missing as well.
    await Promise.race([once(child, "spawn"), failed]);
    // The process may end before it has read everything. The bytes still to be written then outlive this call, so they
    // are a copy.
    child.stdin.on("error", () => undefined).end(Buffer.from(svg));
    const data = await Promise.race([buffer(child.stdout), failed]);
    if (data.length !== size.width * size.height * 4)
      throw refusalFor(await Promise.race([ended, failed]), memoryBytes);
    return { data, width: size.width, height: size.height, channels: 4, count: 1 };
  } catch (error) {
    work.check();
    if (child.pid === undefined) throw new MediaError("EBUSY", "There is no process to draw with", { cause: error });
    throw time.aborted ? new MediaError("ETIME", "The drawing took too long to draw", { cause: error }) : error;
  } finally {
    child.kill("SIGKILL");
  }
}

/** The process ends itself by a signal when it takes too much, and by an error when there is nothing to draw. */
function refusalFor(signal: string | null, memoryBytes: number): MediaError {
  return signal === null
    ? new MediaError("EINVALID", "The drawing can't be drawn")
    : new MediaError("ELIMIT", `The drawing takes more than ${memoryBytes} bytes of memory to draw`);
}

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const program = fileURLToPath(new URL(`./drawing-process${moduleExtension}`, import.meta.url));
