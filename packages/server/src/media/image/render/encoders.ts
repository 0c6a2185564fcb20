import type { Sharp } from "sharp";
import type { Size } from "../pixels/geometry.ts";
import type { Output, OutputFormat } from "../plan/choose-output.ts";
import type { SourceFacts } from "../plan/source-facts.ts";

export const contentTypes = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
} as const satisfies Record<OutputFormat, string>;

export interface EncoderContext {
  readonly facts: SourceFacts;
  readonly effort: number | undefined;
}

/**
 * The efforts of encoders, by megapixels. Nothing interrupts an encoder that has all pixels, and on noise its best
 * effort takes up to sixteen seconds for each megapixel. These efforts were measured so that hardly any picture takes
 * more than three seconds in all, on a core of its own. A larger JPEG first loses the trellis if it is progressive,
 * since every scan has one; then it loses the trellis in any case, and then the search for the best scans and codes. A
 * PNG beyond the last entry loses the palette.
 */
const efforts = {
  jpeg: [
    [1.5, 3],
    [4, 2],
    [8, 1],
  ],
  png: [
    [4, 4],
    [8, 1],
  ],
  webp: [
    [8, 4],
    [32, 1],
    [Infinity, 0],
  ],
  avif: [
    [0.25, 4],
    [2.5, 2],
    [4, 1],
    [Infinity, 0],
  ],
  gif: [
    [0.1, 7],
    [2, 4],
    [Infinity, 1],
  ],
} as const satisfies Record<OutputFormat, readonly (readonly [megapixels: number, effort: number])[]>;

/** Lossless WebP takes twice as long. */
const losslessWebpEfforts = [
  [8, 4],
  [Infinity, 0],
] as const;

export function effortFor(
  format: OutputFormat,
  pixels: number,
  { lossless }: Pick<Output, "lossless">,
): number | undefined {
  const ladder = format === "webp" && lossless ? losslessWebpEfforts : efforts[format];
  return ladder.find(([megapixels]) => pixels <= megapixels * 1e6)?.[1];
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
      return tries && output.pngCompression === "lossy" && !output.lossless ? 5 : 1;
    case "webp":
      return output.lossless ? 10 : 5;
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
  png: (image, { quality, lossless, pngCompression }, { effort }) =>
    pngCompression === "lossy" && !lossless && effort !== undefined
      ? image.png({ palette: true, quality, effort })
      : image.png({ compressionLevel: pngCompression === "none" && !lossless ? 6 : 9 }),
  webp: (image, { quality, lossless }, { effort = 1, facts }) =>
    image.webp({ quality, lossless, effort, ...animationOf(facts) }),
  avif: (image, { quality }, { effort = 0 }) =>
    image.avif({ quality: Math.max(1, Math.round(quality * 0.75)), effort }),
  gif: (image, _, { effort = 1, facts }) => image.gif({ effort, ...animationOf(facts) }),
} as const satisfies Record<OutputFormat, (image: Sharp, output: Output, context: EncoderContext) => Sharp>;

function animationOf({ animation }: SourceFacts): { delay?: number[]; loop?: number } {
  return animation === undefined ? {} : { delay: [...animation.delay], loop: animation.loop };
}
