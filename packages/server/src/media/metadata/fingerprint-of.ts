import sharp from "sharp";
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

/** Colours that share the upper bits of each channel count as alike. */
const droppedBits = 5;
/** A pixel with less opacity than this has no colour that anybody sees. */
const minAlpha = 128;

/**
 * The mean of the largest group of pixels whose colours are alike, as `#rrggbb`.
 * @param pixels red, green, blue and alpha of each pixel
 * @returns undefined for a picture that is transparent all over
 */
export function dominantColor(pixels: Uint8Array): string | undefined {
  const groups = new Map<number, number[]>();
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(at, at + 4);
    if (alpha < minAlpha) continue;
    const kind = ((red >> droppedBits) << 16) | ((green >> droppedBits) << 8) | (blue >> droppedBits);
    const [count = 0, reds = 0, greens = 0, blues = 0] = groups.get(kind) ?? [];
    groups.set(kind, [count + 1, reds + red, greens + green, blues + blue]);
  }
  const [largest] = [...groups.values()].sort(([a = 0], [b = 0]) => b - a);
  if (largest === undefined) return undefined;
  const [count = 1, ...sums] = largest;
  return `#${sums.map((sum) => hex(Math.round(sum / count))).join("")}`;
}

function hex(channel: number): string {
  return channel.toString(16).padStart(2, "0");
}
