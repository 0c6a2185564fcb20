import sharp, { type OutputInfo, type Sharp, type SharpOptions } from "sharp";
import { decodingBytes, mostDecodingBytes } from "./decoding-memory.ts";
import type { FormatClass } from "./format-class.ts";
import { MediaError } from "./media-error.ts";
import type { Thumbnail } from "./named-thumbnails.ts";
import { sniffType } from "./sniff.ts";

/** Input and output (spec/delivery.md §13). */
const mostPixels = 100_000_000;
const timeLimitSeconds = 20;

/**
 * What is given to the decoders. SVG isn't: its renderer can be kept busy for minutes by a few hundred bytes of filters
 * (`feTurbulence` repeated), which no limit on pixels or time stops. Nor does it need to be: an SVG is its own
 * thumbnail (spec/delivery.md §9.3 rule 6: never rasterised unless a raster format is asked for).
 */
const decodableTypes: ReadonlySet<string> = new Set([
  "image/avif",
  "image/gif",
  "image/heic",
  "image/heif",
  "image/jpeg",
  "image/png",
  "image/tiff",
  "image/webp",
]);

export interface RenderedImage {
  readonly data: Buffer;
  readonly contentType: "image/webp" | "image/png" | "image/jpeg";
  readonly width: number;
  readonly height: number;
}

/**
 * Renders a thumbnail: upright, in sRGB, without metadata, of an animation its first frame. WebP for clients that take
 * it; for the others PNG where pixels are transparent and JPEG where none is (spec/delivery.md §9.3).
 * Throws `EINVALID` for what isn't a decodable image, `ELIMIT` for one with too many pixels or that takes too long.
 */
export async function renderThumbnail(
  bytes: Buffer,
  thumbnail: Thumbnail,
  format: FormatClass,
): Promise<RenderedImage> {
  const { mime } = await sniffType(bytes);
  if (!decodableTypes.has(mime)) {
    throw new MediaError("EINVALID", `No thumbnail can be made of ${mime}`);
  }
  const options = { limitInputPixels: mostPixels, failOn: "error", sequentialRead: true } as const;
  await refuseCostly(bytes, options);
  const resized = sharp(bytes, { ...options, autoOrient: true })
    .resize({ width: thumbnail.width, height: thumbnail.height, fit: "inside", withoutEnlargement: true })
    .timeout({ seconds: timeLimitSeconds });
  try {
    return format === "webp"
      ? await encode(resized.webp({ quality: thumbnail.quality }), "image/webp")
      : await encodeByTransparency(resized, thumbnail.quality);
  } catch (error) {
    throw asMediaError(error);
  }
}

async function refuseCostly(bytes: Buffer, options: SharpOptions): Promise<void> {
  const metadata = await sharp(bytes, options)
    .metadata()
    .catch((error: unknown) => {
      throw asMediaError(error);
    });
  if (decodingBytes(metadata) <= mostDecodingBytes) return;
  throw new MediaError("ELIMIT", `The image takes more than ${mostDecodingBytes} bytes of memory to decode`);
}

/** An alpha channel doesn't make an image transparent, its pixels do; at this size they are quickly looked at. */
async function encodeByTransparency(resized: Sharp, quality: number): Promise<RenderedImage> {
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const image = sharp(data, { raw: { width, height, channels } });
  return isTransparent(data, info)
    ? await encode(image.png(), "image/png")
    : await encode(image.removeAlpha().jpeg({ quality, chromaSubsampling: "4:4:4" }), "image/jpeg");
}

function isTransparent(pixels: Buffer, { channels }: OutputInfo): boolean {
  if (channels % 2 === 1) {
    return false;
  }
  for (let alpha = channels - 1; alpha < pixels.length; alpha += channels) {
    if (pixels[alpha] !== 0xff) {
      return true;
    }
  }
  return false;
}

async function encode(image: Sharp, contentType: RenderedImage["contentType"]): Promise<RenderedImage> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { data, contentType, width: info.width, height: info.height };
}

function asMediaError(cause: unknown): MediaError {
  const message = cause instanceof Error ? cause.message : "";
  if (/exceeds pixel limit/.test(message)) {
    return new MediaError("ELIMIT", `The image has more than ${mostPixels} pixels`, { cause });
  }
  if (/^timeout/.test(message)) {
    return new MediaError("ELIMIT", `The image took more than ${timeLimitSeconds} s to render`, { cause });
  }
  return new MediaError("EINVALID", "The image cannot be decoded", { cause });
}
