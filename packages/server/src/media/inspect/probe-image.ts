import type { ByteSource, MediaSource } from "../byte-source.ts";
import { type MetadataBlocks, takeBlocks } from "../formats/found-metadata.ts";
import { gifHeader } from "../formats/gif.ts";
import { isBoundedHeif } from "../formats/heif-bounds.ts";
import type { HeaderOptions, ImageHeader, ReadHeader } from "../formats/image-header.ts";
import { jpegBlocks } from "../formats/jpeg-metadata.ts";
import { hasFewSegments, jpegHeader } from "../formats/jpeg-segments.ts";
import { pngBlocks, pngHeader } from "../formats/png.ts";
import { psdHeader } from "../formats/psd.ts";
import { tiffBlocks, tiffHeader } from "../formats/tiff-metadata.ts";
import { webpBlocks, webpHeader } from "../formats/webp.ts";
import { type Reading, readFrom } from "../reading.ts";

interface PictureReaders {
  readonly header?: () => Reading<ImageHeader | undefined>;
  /** Finds the metadata blocks in the places where writers put them. */
  readonly blocks?: (source: ByteSource) => Reading<MetadataBlocks>;
  /** The library's name for the format, and whether the library may be asked about a file. */
  readonly library?: { readonly format: string; readonly isBounded: (size: number) => Reading<boolean> };
}

const heif: PictureReaders = { library: { format: "heif", isBounded: isBoundedHeif } };

/**
 * The readers of each type. Every upload passes here. Our own readers take a few microseconds where the
 * library takes several hundred, and they never walk a chain of a million pages or frames. The library is used if our
 * reader finds no header, for the types whose header it reads in bounded time, and for files of a bounded number of
 * parts. `image-size` 2.1 would not do: it tells neither alpha nor animation, the orientation of JPEGs alone, and walks
 * each byte of a damaged JPEG.
 */
const readers: Readonly<Record<string, PictureReaders>> = {
  "image/jpeg": {
    header: jpegHeader,
    blocks: jpegBlocks,
    library: { format: "jpeg", isBounded: () => hasFewSegments(false) },
  },
  "image/png": { header: pngHeader, blocks: pngBlocks },
  "image/webp": { header: webpHeader, blocks: webpBlocks },
  "image/gif": { header: gifHeader },
  "image/tiff": { header: tiffHeader, blocks: tiffBlocks },
  "image/vnd.adobe.photoshop": { header: psdHeader },
  "image/avif": heif,
  "image/heic": heif,
  "image/heif": heif,
  "image/heic-sequence": heif,
  "image/heif-sequence": heif,
};

/** Finds a file's metadata blocks. Nothing is decoded. */
export async function findBlocks(source: ByteSource, mime: string): Promise<MetadataBlocks> {
  const find = readers[mime]?.blocks;
  return find === undefined ? {} : await readFrom(source, find(source));
}

/** No engine here opens a picture with more pixels, and no camera makes one. A header that claims more is wrong. */
const maxPixels = 0x3fff * 0x3fff;

/** The size is that of the picture as displayed: EXIF orientations 5 to 8 swap the sides. */
export interface ImageFacts extends Omit<ImageHeader, "orientation" | "blocks"> {
  readonly orientation?: number;
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
  const own = readers[mime];
  let header = own?.header && (await readFrom(source, own.header()));
  const library = header === undefined ? own?.library : undefined;
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
    blocks: header.blocks === undefined ? await findBlocks(source, mime) : takeBlocks(header.blocks),
  };
}
