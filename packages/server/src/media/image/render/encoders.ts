import type { Sharp } from "sharp";
import type { Size } from "../pixels/geometry.ts";
import type { Output, OutputFormat } from "../plan/choose-output.ts";
import type { SourceFacts } from "../plan/source-facts.ts";

export interface EncoderContext extends Pick<SourceFacts, "animation"> {
  readonly effort: number | undefined;
}

type Rung = readonly [megapixels: number, effort: number, secondsPerMegapixel: number];

/**
 * The efforts of encoders, by megapixels. On noise an encoder's best effort takes up to sixteen seconds for each
 * megapixel. These efforts were measured so that hardly any picture takes more than three seconds in all, on a core of
 * its own. A larger JPEG first loses the trellis if it is progressive, since every scan has one; then it loses the
 * trellis in any case, and then the search for the best scans and codes. A PNG beyond the last entry loses the palette.
 *
 * The seconds were measured as well. They are those of a detailed photograph: a plain one takes half as long, and noise
 * twice as long.
 */
const efforts = {
  jpeg: [
    [1.5, 3, 0.15],
    [4, 2, 0.1],
    [8, 1, 0.07],
  ],
  png: [
    [4, 4, 0.7],
    [8, 1, 0.35],
  ],
  webp: [
    [8, 4, 0.13],
    [32, 1, 0.05],
    [Infinity, 0, 0.04],
  ],
  avif: [
    [0.25, 4, 5],
    [2.5, 2, 0.6],
    [4, 1, 0.25],
    [Infinity, 0, 0.13],
  ],
  gif: [
    [0.1, 7, 5],
    [2, 4, 0.9],
    [Infinity, 1, 0.4],
  ],
} as const satisfies Record<OutputFormat, readonly Rung[]>;

/** Lossless WebP takes several times as long. */
const losslessWebpEfforts = [
  [8, 4, 0.35],
  [Infinity, 0, 0.15],
] as const satisfies readonly Rung[];

/** The seconds for a megapixel of a picture beyond the last entry, which is written without any effort. */
const plainSecondsPerMegapixel = { jpeg: 0.02, png: 0.07, webp: 0, avif: 0, gif: 0 } as const satisfies Record<
  OutputFormat,
  number
>;

export function effortFor(format: OutputFormat, pixels: number, output: Pick<Output, "lossless">): number | undefined {
  return rungFor(format, pixels, output)?.[1];
}

/** Whether writing so many pixels is estimated to take so long that it gets time of its own. */
export function isWrittenSlowly(format: OutputFormat, pixels: number, output: Output): boolean {
  const rung = isPlainPng(format, output) ? undefined : rungFor(format, pixels, output);
  return (pixels / 1e6) * (rung?.[2] ?? plainSecondsPerMegapixel[format]) > slowSeconds;
}

const slowSeconds = 1;

function rungFor(format: OutputFormat, pixels: number, { lossless }: Pick<Output, "lossless">): Rung | undefined {
  const ladder: readonly Rung[] = format === "webp" && lossless ? losslessWebpEfforts : efforts[format];
  return ladder.find(([megapixels]) => pixels <= megapixels * 1e6);
}

/** Whether the output is a PNG without a palette. */
function isPlainPng(format: OutputFormat, { lossless, pngCompression }: Output): boolean {
  return format === "png" && (lossless || pngCompression !== "lossy");
}

/** The most megapixels of one frame that a format is written with. Even at no effort, more of them take too long. */
const maxMegapixels: Readonly<Partial<Record<OutputFormat, number>>> = { gif: 12 };

export function isWrittenInTime(format: OutputFormat, { width, height }: Size): boolean {
  return width * height <= (maxMegapixels[format] ?? Infinity) * 1e6;
}

/** The bytes per pixel of one frame that an encoder holds, besides the pixels that it is given. Measured. */
export function encoderBytesPerPixel(format: OutputFormat, output: Output, pixels: number): number {
  const tries = effortFor(format, pixels, output) !== undefined;
  switch (format) {
    case "jpeg":
      return tries || output.progressive ? 12 : 1;
    case "png":
      return tries && !isPlainPng(format, output) ? 5 : 1;
    case "webp":
      if (!output.lossless) return 5;
      return effortFor(format, pixels, output) === 0 ? 15 : 22;
    case "avif":
      return 21;
    case "gif":
      return 10;
  }
}

/** The encoder of each format (docs/protocol/transformations.md §8). */
export const encoders = {
  // These are all options that `mozjpeg` stands for, except that a picture becomes progressive only on request.
  jpeg: (image, { quality, progressive, chromaSubsampling, background }, { effort = 0 }) => {
    const tries = effort >= (progressive ? 3 : 2);
    return image.flatten({ background: { ...background, alpha: 1 } }).jpeg({
      quality,
      chromaSubsampling,
      progressive,
      // Codes that fit the picture are known only once all of it is there, which takes more memory than its pixels.
      optimiseCoding: effort >= 1,
      optimiseScans: progressive && effort >= 1,
      trellisQuantisation: tries,
      overshootDeringing: tries,
      quantisationTable: 3,
    });
  },
  png: (image, output, { effort }) =>
    effort === undefined || isPlainPng("png", output)
      ? image.png({ compressionLevel: output.pngCompression === "none" && !output.lossless ? 6 : 9 })
      : image.png({ palette: true, quality: output.quality, effort }),
  webp: (image, { quality, lossless }, { effort = 1, animation }) =>
    image.webp({ quality, lossless, effort, ...playing(animation) }),
  avif: (image, { quality }, { effort = 0 }) =>
    image.avif({ quality: Math.max(1, Math.round(quality * 0.75)), effort }),
  gif: (image, _, { effort = 1, animation }) => image.gif({ effort, ...playing(animation) }),
} as const satisfies Record<OutputFormat, (image: Sharp, output: Output, context: EncoderContext) => Sharp>;

function playing(animation: SourceFacts["animation"]): { delay?: number[]; loop?: number } {
  return animation === undefined ? {} : { delay: [...animation.delay], loop: animation.loop };
}
