import { BytesByteSource, FileByteSource } from "../byte-source.ts";
import { embeddedMetadata } from "../metadata/embedded-metadata.ts";
import { detectType } from "./detect-type.ts";
import { countPages } from "./headers/count-pages.ts";
import { probeImage } from "./probe-image.ts";

/**
 * What the bytes of an upload say about themselves, in the terms of the upload response (docs/protocol/upload.md §11).
 */
export interface MediaFacts {
  readonly mime: string;
  /** "image" for every type of picture, also one whose content is damaged. */
  readonly fileType: "image" | "non-image";
  /** Pixels as displayed; absent unless the header could be read. Of an animation, one frame. */
  readonly width?: number;
  readonly height?: number;
  /** EXIF, 1 to 8. */
  readonly orientation?: number;
  readonly hasAlpha?: boolean;
  readonly animated?: boolean;
  /** Frames or pages; absent for formats of which they aren't counted (`headers/count-pages.ts`). */
  readonly pages?: number;
  /** JSON of what it says of itself in EXIF, IPTC and XMP; absent where there is nothing. */
  readonly embeddedMetadata?: string;
}

/** A complete file. */
export type MediaContent = { readonly path: string } | { readonly chunks: readonly Uint8Array[] };

export type InspectionInput = MediaContent & {
  readonly size: number;
  /** Decides among text types alone (docs/protocol/upload.md §15.17). */
  readonly fileName: string;
  /** The file's first bytes, when they are at hand: with 64 KiB of them, most uploads are judged without opening the file. */
  readonly head?: Uint8Array;
  readonly signal?: AbortSignal;
};

/** Type and picture facts of a file. Whatever the bytes, there is an answer; throws only for the disk or the signal. */
export async function inspectMedia(input: InspectionInput): Promise<MediaFacts> {
  const { size, fileName, head, signal } = input;
  signal?.throwIfAborted();
  const source =
    "chunks" in input
      ? new BytesByteSource(input.chunks, size, head)
      : new FileByteSource(input.path, size, head, signal);
  try {
    const { mime, kind, svg } = await detectType(source, fileName);
    if (kind !== "image") {
      return { mime, fileType: "non-image" };
    }
    if (svg !== undefined) return { mime, fileType: "image", ...svg.size, hasAlpha: true, animated: false };
    const probed = await probeImage(source, mime, signal);
    const embedded = probed && (await embeddedMetadata(probed.blocks));
    const pages = await countPages(source, mime);
    return {
      mime,
      fileType: "image",
      ...probed?.facts,
      ...(pages !== undefined && { pages }),
      ...(embedded !== undefined && { embeddedMetadata: embedded }),
    };
  } finally {
    await source.close();
  }
}
