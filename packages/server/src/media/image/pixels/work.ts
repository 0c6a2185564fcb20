import type { Sharp } from "sharp";
import { MediaError } from "../../media-error.ts";
import type { Size } from "./geometry.ts";

/** One rendering: its time, its memory, and whether anybody still waits for it. */
export interface Work {
  readonly signal: AbortSignal;
  /** @throws the signal's reason; MediaError ETIME when the time is up */
  check(): void;
  /** Bounds what a pipeline may still take. What an encoder does once it has all pixels isn't interrupted by it. */
  bound(image: Sharp): Sharp;
  /** Whether so much may be held in memory for each of the pixels. */
  holds(size: Size, bytesPerPixel: number): boolean;
  /** @throws MediaError ELIMIT when that may not be held in memory */
  reserve(size: Size, bytesPerPixel: number): void;
  /** Milliseconds. */
  left(): number;
}

export interface WorkLimits {
  readonly milliseconds: number;
  /** Of one picture's pixels; while one is made of another, both are there. */
  readonly memoryBytes: number;
}

export function startWork(signal: AbortSignal, { milliseconds, memoryBytes }: WorkLimits): Work {
  const end = performance.now() + milliseconds;
  const left = (): number => end - performance.now();
  const check = (): void => {
    signal.throwIfAborted();
    if (left() <= 0) throw new MediaError("ETIME", "The image took too long to render");
  };
  const holds = ({ width, height }: Size, bytesPerPixel: number): boolean =>
    width * height * bytesPerPixel <= memoryBytes;
  return {
    signal,
    left,
    check,
    holds,
    bound(image) {
      check();
      return image.timeout({ seconds: Math.min(Math.ceil(left() / 1000), longestTimeout) });
    },
    reserve(size, bytesPerPixel) {
      if (!holds(size, bytesPerPixel)) {
        throw new MediaError("ELIMIT", `The image takes more than ${memoryBytes} bytes of memory`);
      }
    },
  };
}

/** What sharp takes. */
const longestTimeout = 3600;
