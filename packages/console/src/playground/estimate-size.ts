import type { Step } from "./steps.ts";
import { lastValue } from "./video-text.ts";

export interface ToEstimate {
  readonly steps: readonly Step[];
  /** Pixels of the result. */
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly hasSound: boolean;
  /** Bits per second of the original: more is rarely needed for as many pixels. */
  readonly originalBitRate: number | undefined;
  readonly originalPixels: number | undefined;
}

/** Bits that a pixel of H.264 takes at quality 50, and the part that other codecs take of that. */
const bitsPerPixel = 0.06;
const shares: Readonly<Record<string, number>> = { vp9: 0.7, av1: 0.55 };
const framesPerSecond = 25;
/** Quality points that double the bits. */
const doubling = 18;
const soundBits = 128_000;
const standardQuality = 50;

/**
 * Estimates the size of a video before it is encoded, in bytes. What is seen in it makes a difference of three times
 * either way, so it is only a hint.
 */
export function estimateSize(video: ToEstimate): number {
  const { steps, width, height, seconds, hasSound, originalBitRate, originalPixels } = video;
  const quality = Number(lastValue(steps, "q") ?? standardQuality) || standardQuality;
  const isWebm = lastValue(steps, "f") === "webm" || lastValue(steps, "ac") === "opus";
  const codec = lastValue(steps, "vc") ?? (isWebm ? "vp9" : "h264");
  const pixels = width * height;
  const guessed =
    pixels * framesPerSecond * bitsPerPixel * (shares[codec] ?? 1) * 2 ** ((quality - standardQuality) / doubling);
  // Nothing is made better than it was.
  const most = originalBitRate && originalPixels ? originalBitRate * Math.max(0.1, pixels / originalPixels) : guessed;
  const picture = codec === "none" ? 0 : Math.min(guessed, most);
  const sound = hasSound && lastValue(steps, "ac") !== "none" ? soundBits : 0;
  return Math.round(((picture + sound) * seconds) / 8);
}
