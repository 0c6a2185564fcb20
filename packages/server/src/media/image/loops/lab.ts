/** A colour as it is seen: lightness 0 to 100, and its place between green and red and between blue and yellow. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** The white of sRGB, by which CIE Lab is scaled. */
const white = [0.95047, 1, 1.08883] as const;

/** @param red 0 to 255 in whole numbers, as the others */
export function labOf(red: number, green: number, blue: number): Lab {
  const r = linear[red] ?? 0;
  const g = linear[green] ?? 0;
  const b = linear[blue] ?? 0;
  const x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white[0]);
  const y = root(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = root((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / white[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The nearest colour of sRGB, in whole numbers. */
export function rgbOf(lightness: number, a: number, b: number): readonly [red: number, green: number, blue: number] {
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
