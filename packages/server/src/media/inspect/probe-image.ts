import type { ByteSource, MediaSource } from "../byte-source.ts";
import type { MetadataBlocks } from "../metadata/blocks.ts";
import { findBlocks, takeBlocks } from "../metadata/find-blocks.ts";
import { type Reading, readFrom } from "../reading.ts";
import { readGifHeader } from "./headers/gif-header.ts";
import { isBoundedHeif } from "./headers/heif-bounds.ts";
import type { HeaderOptions, ImageHeader, ReadHeader } from "./headers/image-header.ts";
import { readJpegHeader } from "./headers/jpeg-header.ts";
import { hasFewSegments } from "./headers/jpeg-segments.ts";
import { readPngHeader } from "./headers/png-header.ts";
import { readPsdHeader } from "./headers/psd-header.ts";
import { readTiffHeader } from "./headers/tiff-header.ts";
import { readWebpHeader } from "./headers/webp-header.ts";

/**
 * The readers of each type's header. Every upload passes here. Our own readers take a few microseconds where the
 * library takes several hundred, and they never walk a chain of a million pages or frames. The library is used if our
 * reader finds nothing, for the types whose header it reads in bounded time, and for files of a bounded number of
 * parts. `image-size` 2.1 would not do: it tells neither alpha nor animation, the orientation of JPEGs alone, and walks
 * each byte of a damaged JPEG.
 */
const headerReaders: Readonly<Record<string, HeaderReaders>> = {
  "image/jpeg": { own: readJpegHeader, library: { format: "jpeg", isBounded: () => hasFewSegments(false) } },
  "image/png": { own: readPngHeader },
  "image/webp": { own: readWebpHeader },
  "image/gif": { own: readGifHeader },
  "image/tiff": { own: readTiffHeader },
  "image/vnd.adobe.photoshop": { own: readPsdHeader },
  "image/avif": { library: { format: "heif", isBounded: isBoundedHeif } },
  "image/heic": { library: { format: "heif", isBounded: isBoundedHeif } },
  "image/heif": { library: { format: "heif", isBounded: isBoundedHeif } },
  "image/heic-sequence": { library: { format: "heif", isBounded: isBoundedHeif } },
  "image/heif-sequence": { library: { format: "heif", isBounded: isBoundedHeif } },
};

interface HeaderReaders {
  readonly own?: (source: ByteSource) => Promise<ImageHeader | undefined>;
  readonly library?: {
    /** The library's name for the format. */
    readonly format: string;
    readonly isBounded: (size: number) => Reading<boolean>;
  };
}

/** No engine here opens a picture with more pixels, and no camera makes one. A header that claims more is wrong. */
const maxPixels = 0x3fff * 0x3fff;

export interface ImageFacts {
  /** The size as displayed: EXIF orientations 5 to 8 swap the sides. */
  readonly width: number;
  readonly height: number;
  readonly orientation?: number;
  readonly hasAlpha: boolean;
  readonly animated: boolean;
}

export interface ProbedImage {
  readonly facts: ImageFacts;
  readonly blocks: MetadataBlocks;
}

/**
 * Reads a picture's header and finds its metadata. For an animation the facts are those of one frame. Nothing is
 * decoded. Undefined when the header is missing, damaged, of a type that isn't read, or claims more pixels than any
 * picture has. Throws only for the source, the signal, and the reader of headers.
 */
export async function probeImage(
  source: MediaSource,
  mime: string,
  readHeader: ReadHeader,
  options?: HeaderOptions,
): Promise<ProbedImage | undefined> {
  const readers = headerReaders[mime];
  let header = await readers?.own?.(source);
  const library = header === undefined ? readers?.library : undefined;
  if (library !== undefined && (await readFrom(source, library.isBounded(source.size)))) {
    header = await readHeader(source.whole, [library.format], options);
  }
  if (header === undefined || header.width * header.height > maxPixels) {
    return undefined;
  }
  const { width, height, orientation, hasAlpha, animated } = header;
  const sides = orientation !== undefined && orientation >= 5 ? { width: height, height: width } : { width, height };
  return {
    facts: { ...sides, ...(orientation === undefined ? {} : { orientation }), hasAlpha, animated },
    blocks: await (header.blocks === undefined ? findBlocks(source, mime) : takeBlocks(header.blocks)),
  };
}
