import type { Plane } from "./planes.ts";
import type { PsdDocument } from "./psd-document.ts";

/** The way in which the colours of a mode are made of its channels. */
export interface Colours {
  /** The number of channels without transparency. */
  readonly channels: number;
  /** The samples' depths that are read. */
  readonly depths: readonly number[];
  /** Whether the file's profile says what its numbers mean. */
  readonly keepsProfile: boolean;
  /** Writes the red, green and blue of a pixel. */
  readonly write: (planes: readonly Plane[], pixel: number, data: Uint8Array, to: number) => void;
}

const rgb: Colours = {
  channels: 3,
  depths: [8, 16],
  keepsProfile: true,
  write: (planes, pixel, data, to) => {
    for (let channel = 0; channel < 3; channel += 1) data[to + channel] = planes[channel]?.[pixel] ?? 0;
  },
};

const grey: Colours = {
  channels: 1,
  depths: [8, 16],
  keepsProfile: false,
  write: (planes, pixel, data, to) => {
    const value = planes[0]?.[pixel] ?? 0;
    for (let channel = 0; channel < 3; channel += 1) data[to + channel] = value;
  },
};

const bits: Colours = { ...grey, depths: [1] };

/** Cyan, magenta, yellow and black. The most ink is 0. */
const inks: Colours = {
  channels: 4,
  depths: [8, 16],
  keepsProfile: false,
  write: (planes, pixel, data, to) => {
    const black = planes[3]?.[pixel] ?? 0;
    for (let channel = 0; channel < 3; channel += 1) {
      data[to + channel] = Math.round(((planes[channel]?.[pixel] ?? 0) * black) / 255);
    }
  },
};

/** A grey picture that is printed in one ink or more is shown as the grey picture, as the format says to do. */
const inGivenInks = grey;

const modes: ReadonlyMap<number, Colours> = new Map<number, Colours>([
  [0, bits],
  [1, grey],
  [3, rgb],
  [4, inks],
  [8, inGivenInks],
]);

const indexed = 2;
const paletteColours = 256;

/** @returns undefined for colours that aren't read: Lab, several inks, and samples that are fractions */
export function coloursOf({ mode, depth, palette }: PsdDocument): Colours | undefined {
  const colours = mode === indexed ? coloursIn(palette) : modes.get(mode);
  return colours?.depths.includes(depth) ? colours : undefined;
}

function coloursIn(palette: Buffer): Colours | undefined {
  if (palette.length < 3 * paletteColours) return undefined;
  return {
    channels: 1,
    depths: [8],
    keepsProfile: true,
    write: (planes, pixel, data, to) => {
      const colour = planes[0]?.[pixel] ?? 0;
      for (let channel = 0; channel < 3; channel += 1) {
        data[to + channel] = palette[channel * paletteColours + colour] ?? 0;
      }
    },
  };
}
