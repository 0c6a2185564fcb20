import type { ImageMetadata } from "@sluice/protocol/schemas";
import type { Party } from "../../concurrency/fair-line.ts";
import type { MediaSource } from "../byte-source.ts";
import type { MetadataBlocks } from "../formats/found-metadata.ts";
import { jpegQuality } from "../formats/jpeg-metadata.ts";
import type { ImageEngine } from "../image/image-engine.ts";
import type { ImageSource } from "../image/image-source.ts";
import type { SourceFormat } from "../image/plan/source-facts.ts";
import { sourceFormatOf } from "../image/plan/source-facts.ts";
import { probeImage } from "../inspect/probe-image.ts";
import { MediaError } from "../media-error.ts";
import { fingerprintPicture } from "./picture-fingerprint.ts";
import { readTags, type TagGroups } from "./read-tags.ts";
import { exifGroups } from "./tag-names.ts";

/** A picture that is given twice: `content` is for reading its bytes, and `source` is for the image engine to open. */
export interface PictureToDescribe {
  readonly mime: string;
  /** The size of a drawing, as found when the drawing was inspected. */
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly content: MediaSource;
  readonly source: ImageSource;
  /** The party that waits for the answer. */
  readonly party: Party;
  /**
   * Whether it is an error if the image engine has no room, as it is by default (`always`). `never` is for a picture
   * that the engine would not open.
   */
  readonly hash?: "always" | "if there is room" | "never";
}

/**
 * @returns undefined for a file that isn't a picture, isn't decoded here, or has a broken header
 * @throws MediaError EBUSY, ELIMIT if `content` gives no more bytes; the errors of the source; the signal's reason
 */
export async function describePicture(
  images: Pick<ImageEngine, "render" | "fingerprint" | "readHeader">,
  { mime, width, height, content, source, party, hash = "always" }: PictureToDescribe,
  signal: AbortSignal,
): Promise<ImageMetadata | undefined> {
  const format = sourceFormatOf(mime);
  // A picture can be made of a PDF's page. The document is no picture for that, and its page isn't drawn for nothing.
  if (format === undefined || format === "pdf") return undefined;
  // The hash comes first. A stored picture is fetched for it once the picture's turn has come, and not before.
  const pHash = await hashUnlessBeyond(images, { source, party, hash }, signal);
  const probed = await probeImage(content, mime, images.readHeader, { signal, party });
  const facts = format === "svg" ? { width, height, hasAlpha: true } : probed?.facts;
  if (typeof facts?.width !== "number" || typeof facts.height !== "number") return undefined;
  const blocks = probed?.blocks ?? {};
  const tags = blocks.exif && (await readTags(blocks.exif));
  const density = densityOf(tags, blocks);
  return {
    height: facts.height,
    width: facts.width,
    size: source.size,
    format: formatNames[format],
    hasColorProfile: blocks.hasColorProfile ?? false,
    quality: jpegQuality(blocks.quantisation),
    ...(density !== undefined && { density }),
    hasTransparency: facts.hasAlpha,
    exif: exifGroups(tags),
    ...(pHash !== undefined && { pHash }),
  };
}

const formatNames = {
  avif: "avif",
  gif: "gif",
  heic: "heic",
  jpeg: "jpg",
  png: "png",
  psd: "psd",
  svg: "svg",
  tiff: "tiff",
  webp: "webp",
} as const satisfies Record<Exclude<SourceFormat, "pdf">, string>;

async function hashUnlessBeyond(
  images: Pick<ImageEngine, "render" | "fingerprint" | "readHeader">,
  { source, party, hash }: Required<Pick<PictureToDescribe, "source" | "party" | "hash">>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (hash === "never") return undefined;
  try {
    return (await fingerprintPicture(images, source, party, signal)).hash;
  } catch (error) {
    const passing = error instanceof MediaError && (error.code !== "EBUSY" || hash === "if there is room");
    if (passing) return undefined;
    throw error;
  }
}

const resolutionTag = 0x011a;
const unitTag = 0x0128;
/**
 * The number of units in an inch, by the tag's value. The value for no unit is missing: it only states a pixel's shape.
 */
const unitsToInch: ReadonlyMap<unknown, number> = new Map([
  [undefined, 1],
  [2, 1],
  [3, 2.54],
]);

function densityOf(tags: TagGroups | undefined, { density }: MetadataBlocks): number | undefined {
  const resolution = tags?.image.get(resolutionTag);
  const toInch = unitsToInch.get(tags?.image.get(unitTag));
  const own = typeof resolution === "number" && toInch !== undefined ? Math.round(resolution * toInch) : 0;
  return own > 0 ? own : density;
}
