import type { Raster } from "./raster.ts";

/** A colour as it is seen: lightness 0 to 100, and its place between green and red and between blue and yellow. */
type Lab = readonly [lightness: number, a: number, b: number];

/** The white of sRGB, by which CIE Lab is scaled. */
const white = [0.95047, 1, 1.08883] as const;

/** @param red 0 to 255 in whole numbers, as the others */
function labOf(red: number, green: number, blue: number): Lab {
  const r = linear[red] ?? 0;
  const g = linear[green] ?? 0;
  const b = linear[blue] ?? 0;
  const x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white[0]);
  const y = root(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = root((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / white[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The nearest colour of sRGB, in whole numbers. */
function rgbOf(lightness: number, a: number, b: number): readonly [red: number, green: number, blue: number] {
  const middle = (lightness + 16) / 116;
  const x = white[0] * cube(middle + a / 500);
  const y = cube(middle);
  const z = white[2] * cube(middle - b / 200);
  return [
    encoded(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    encoded(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    encoded(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

/** Below this, the cube root is replaced by a line, since it is too steep there. */
const bend = 216 / 24389;
const slope = 24389 / 27;

function root(value: number): number {
  return value > bend ? Math.cbrt(value) : (slope * value + 16) / 116;
}

function cube(value: number): number {
  return value ** 3 > bend ? value ** 3 : (116 * value - 16) / slope;
}

/** The light that each value of a channel stands for, 0 to 1. */
const linear = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

function encoded(value: number): number {
  const share = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(Math.max(share, 0), 1) * 255);
}

type Rgb = readonly [red: number, green: number, blue: number];

export interface ColourReplacement {
  readonly kind: "replace-colour";
  readonly to: Rgb;
  /** The opacity that replaced pixels keep, 0 to 1. */
  readonly opacity: number;
  /** The distance in Lab within which a colour is replaced. */
  readonly tolerance: number;
  /** Undefined stands for the picture's most frequent colour. */
  readonly from: Rgb | undefined;
}

/** Gives the colours near one colour the hue and the chroma of another one, and leaves their lightness as it is. */
export function replaceColour(raster: Raster, { to, opacity, tolerance, from }: ColourReplacement): Raster {
  const target = labOf(...to);
  const [lightness, a, b] = labOf(...(from ?? mostFrequent(raster)));
  const replacement = (red: number, green: number, blue: number): number => {
    const lab = labOf(red, green, blue);
    const distance = (lab[0] - lightness) ** 2 + (lab[1] - a) ** 2 + (lab[2] - b) ** 2;
    if (distance > tolerance ** 2) return unchanged;
    const rgb = rgbOf(lab[0], target[1], target[2]);
    return (rgb[0] << 16) | (rgb[1] << 8) | rgb[2];
  };
  const known = new KnownColours(replacement);
  const channels = opacity < 1 ? 4 : raster.channels;
  const pixels = raster.data.length / raster.channels;
  const data = channels === raster.channels ? raster.data : new Uint8Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const at = pixel * raster.channels;
    const out = pixel * channels;
    const red = raster.data[at] ?? 0;
    const green = raster.data[at + 1] ?? 0;
    const blue = raster.data[at + 2] ?? 0;
    const alpha = raster.channels === 4 ? (raster.data[at + 3] ?? 0) : 255;
    const replaced = known.of(red, green, blue);
    const isReplaced = replaced !== unchanged;
    data[out] = isReplaced ? (replaced >> 16) & 255 : red;
    data[out + 1] = isReplaced ? (replaced >> 8) & 255 : green;
    data[out + 2] = isReplaced ? replaced & 255 : blue;
    if (channels === 4) data[out + 3] = isReplaced ? Math.round(alpha * opacity) : alpha;
  }
  return { ...raster, data, channels };
}

const unchanged = -1;

/** Remembers what becomes of colours, since most pixels have the colour of another one. */
class KnownColours {
  readonly #colours = new Int32Array(1 << 16).fill(-1);
  readonly #replaced = new Int32Array(1 << 16);
  readonly #find: (red: number, green: number, blue: number) => number;

  constructor(find: (red: number, green: number, blue: number) => number) {
    this.#find = find;
  }

  of(red: number, green: number, blue: number): number {
    const colour = (red << 16) | (green << 8) | blue;
    const slot = Math.imul(colour, 0x9e3779b1) >>> 16;
    if (this.#colours[slot] !== colour) {
      this.#colours[slot] = colour;
      this.#replaced[slot] = this.#find(red, green, blue);
    }
    return this.#replaced[slot] ?? unchanged;
  }
}

/** The middle of the colours in the fullest of 4096 ranges. Pixels that hardly show don't count. */
function mostFrequent({ data, channels }: Raster): Rgb {
  const counts = new Uint32Array(4096);
  const sums = new Float64Array(4096 * 3);
  for (let at = 0; at < data.length; at += channels) {
    if (channels === 4 && (data[at + 3] ?? 0) < 128) continue;
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    const range = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    counts[range] = (counts[range] ?? 0) + 1;
    sums[range * 3] = (sums[range * 3] ?? 0) + red;
    sums[range * 3 + 1] = (sums[range * 3 + 1] ?? 0) + green;
    sums[range * 3 + 2] = (sums[range * 3 + 2] ?? 0) + blue;
  }
  let fullest = 0;
  for (let range = 1; range < counts.length; range += 1) {
    if ((counts[range] ?? 0) > (counts[fullest] ?? 0)) fullest = range;
  }
  const count = Math.max(1, counts[fullest] ?? 0);
  const mean = (channel: number): number => Math.round((sums[fullest * 3 + channel] ?? 0) / count);
  return [mean(0), mean(1), mean(2)];
}
