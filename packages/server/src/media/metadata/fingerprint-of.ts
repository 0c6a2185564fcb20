import sharp from "sharp";
import { dominantColor } from "./dominant-color.ts";
import {
  fingerprintFrequencies as frequencies,
  type PictureFingerprint,
  fingerprintSide as side,
} from "./fingerprint.ts";

/** Finds the hash and the colour of a small picture. It runs where pictures are decoded. */
export async function fingerprintOf(small: Uint8Array): Promise<PictureFingerprint> {
  const colored = await sharp(small).toColourspace("srgb").ensureAlpha().raw().toBuffer();
  const grey = await sharp(small).flatten({ background: "#fff" }).greyscale().raw().toBuffer();
  return { hash: hashOfFrequencies(lowFrequencies(grey)), color: dominantColor(colored) };
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
