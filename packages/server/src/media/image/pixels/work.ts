import type { Sharp } from "sharp";
import { MediaError } from "../../media-error.ts";
import type { Size } from "./geometry.ts";

/** One rendering: its time, its memory, and whether anybody still waits for it. */
export interface Work {
  readonly signal: AbortSignal;
  /** @throws the signal's reason; MediaError ETIME when the time is up */
  check(): void;
  /**
   * Limits the time that a pipeline may still take. Some encoders aren't interrupted once they have all pixels: those of
   * AVIF, GIF, and PNG with a palette.
   */
  bound(image: Sharp): Sharp;
  /** Whether a picture of this size may be held in memory with so many bytes per pixel. */
  holds(size: Size, bytesPerPixel: number): boolean;
  /** @throws MediaError ELIMIT when a picture of this size may not be held in memory */
  reserve(size: Size, bytesPerPixel: number): void;
  /**
   * The same work, with less memory for each of its pictures.
   * @param beyond what `reserve` throws for a picture that takes more than this, if it is another error
   */
  within(maxBytes: number, beyond?: Error): Work;
  /** The same work, which ends after so many milliseconds at the latest. */
  atMost(milliseconds: number): Work;
  /** The time that is left, in milliseconds. */
  left(): number;
  /** Waits for others. Their time is no time of the work. */
  waitFor<Result>(others: () => Promise<Result>): Promise<Result>;
}

export interface WorkLimits {
  readonly milliseconds: number;
  /** The limit for the pixels of one picture. While one picture is made of another, both are in memory. */
  readonly memoryBytes: number;
}

export function startWork(signal: AbortSignal, { milliseconds, memoryBytes }: WorkLimits): Work {
  return workUntil(performance.now() + milliseconds, { ms: 0 }, signal, memoryBytes);
}

/** The refusal of a picture whose time is up. */
export function tooLate(cause?: unknown): MediaError {
  return new MediaError("ETIME", "The image took too long to render", { cause });
}

/** @param waited the time that was waited since the work began; `end` moves by it */
function workUntil(
  end: number,
  waited: { ms: number },
  signal: AbortSignal,
  memoryBytes: number,
  beyond?: Error,
): Work {
  const now = (): number => performance.now() - waited.ms;
  const left = (): number => end - now();
  const check = (): void => {
    signal.throwIfAborted();
    if (left() <= 0) throw tooLate();
  };
  const holds = ({ width, height }: Size, bytesPerPixel: number): boolean =>
    width * height * bytesPerPixel <= memoryBytes;
  return {
    signal,
    left,
    within: (maxBytes, other) =>
      maxBytes < memoryBytes
        ? workUntil(end, waited, signal, maxBytes, other)
        : workUntil(end, waited, signal, memoryBytes, beyond),
    atMost: (milliseconds) => workUntil(Math.min(end, now() + milliseconds), waited, signal, memoryBytes, beyond),
    async waitFor(others) {
      const since = performance.now();
      try {
        return await others();
      } finally {
        waited.ms += performance.now() - since;
      }
    },
    check,
    holds,
    bound(image) {
      check();
      return image.timeout({ seconds: Math.min(Math.ceil(left() / 1000), maxTimeoutSeconds) });
    },
    reserve(size, bytesPerPixel) {
      if (holds(size, bytesPerPixel)) return;
      throw beyond ?? new MediaError("ELIMIT", `The image takes more than ${memoryBytes} bytes of memory`);
    },
  };
}

/** The longest timeout that sharp accepts, in seconds. */
const maxTimeoutSeconds = 3600;
