import { randomUUID } from "node:crypto";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import type { Party } from "../../concurrency/fair-line.ts";
import type { ImageEngine } from "../image/image-engine.ts";
import type { ImageSource } from "../image/image-source.ts";
import { ownContext } from "../image/plan/own-context.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import { dominantColor } from "./dominant-color.ts";

/**
 * `side` is the side of the small picture in pixels. `frequencies` is how many of its lowest frequencies, in each
 * direction, make the hash.
 */
const side = 32;
const frequencies = 8;

const transformation = {
  ...readTransformation(parseTransformation(`w-${side},h-${side},c-force,f-png,lo-true`)),
  // For an animation, only the first frame is rendered.
  still: true,
};

/** The hash and the colour say what is seen of a picture at a glance. */
export interface PictureLook {
  /**
   * 64 bits as 16 hex digits. Each bit says whether one of the picture's lowest frequencies is above their median. For
   * the same picture in another size or quality few bits differ, for another picture about half.
   */
  readonly hash: string;
  /** As `#rrggbb`; undefined for a picture that is transparent all over. */
  readonly color: string | undefined;
}

type Images = Pick<ImageEngine, "render">;

/** @throws MediaError as the image engine does */
export async function lookAtPicture(
  images: Images,
  source: ImageSource,
  party: Party,
  signal: AbortSignal,
): Promise<PictureLook> {
  const small = await smallPicture(images, source, party, signal);
  const colored = await sharp(small).toColourspace("srgb").ensureAlpha().raw().toBuffer();
  return { hash: await hashOf(small), color: dominantColor(colored) };
}

/** The picture's hash alone. @throws MediaError as the image engine does */
export async function hashPicture(
  images: Images,
  source: ImageSource,
  party: Party,
  signal: AbortSignal,
): Promise<string> {
  return hashOf(await smallPicture(images, source, party, signal));
}

async function smallPicture(images: Images, source: ImageSource, party: Party, signal: AbortSignal) {
  return (await images.render({ source, transformation, context: ownContext, key: randomUUID(), signal, party })).data;
}

async function hashOf(small: Uint8Array): Promise<string> {
  return hashOfFrequencies(
    lowFrequencies(await sharp(small).flatten({ background: "#fff" }).greyscale().raw().toBuffer()),
  );
}

const cosines = Array.from({ length: frequencies }, (_, frequency) =>
  Array.from({ length: side }, (__, position) => Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * side))),
);

/** The corner of the discrete cosine transform that holds the lowest frequencies, row by row. */
function lowFrequencies(grey: Uint8Array): number[] {
  const rows = Array.from({ length: side }, (_, y) => cosines.map((wave) => sum(wave, (x) => grey[y * side + x] ?? 0)));
  return cosines.flatMap((wave) =>
    Array.from({ length: frequencies }, (_, column) => sum(wave, (y) => rows[y]?.[column] ?? 0)),
  );
}

function sum(wave: readonly number[], value: (position: number) => number): number {
  const total = wave.reduce((partial, factor, position) => partial + factor * value(position), 0);
  // A frequency that isn't there must be exactly zero. Otherwise rounding errors would decide a plain picture's hash.
  return Math.round(total * 1000) / 1000;
}

/** Leaves the first frequency out of the median. It is the picture's lightness, which would only shift the median. */
function hashOfFrequencies(values: readonly number[]): string {
  const sorted = values.slice(1).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const bits = values.map((value) => (value > median ? "1" : "0")).join("");
  return BigInt(`0b${bits}`).toString(16).padStart(16, "0");
}
