import { BytesByteSource, FileByteSource, type MediaSource } from "../byte-source.ts";
import type { HeaderOptions, ReadHeader } from "../formats/image-header.ts";
import { MediaError } from "../media-error.ts";
import { embeddedMetadata } from "../metadata/embedded-metadata.ts";
import { maxLoadsToInspect, StoredByteSource, type StoredFile } from "../stored-byte-source.ts";
import type { VideoEngine } from "../video/video-engine.ts";
import { countPages, uncountablePages } from "./count-pages.ts";
import { detectType } from "./detect-type.ts";
import type { MediaFacts, PictureFacts } from "./media-facts.ts";
import { probeImage } from "./probe-image.ts";

export interface HeaderReading extends HeaderOptions {
  /** Reads the headers that our own readers can't. */
  readonly readHeader: ReadHeader;
  /** Finds what a video or a sound says of itself. Without this function nothing is known of it. */
  readonly probe?: VideoEngine["probe"] | undefined;
}

/** A complete file. */
export type MediaContent = { readonly path: string } | { readonly chunks: readonly Uint8Array[] } | StoredFile;

export type InspectionInput = MediaContent &
  HeaderReading & {
    readonly size: number;
    /** The name decides only among text types (docs/protocol/upload.md §15.17). */
    readonly fileName: string;
    /** The file's first bytes, if they are in memory. With 64 KiB, most uploads are judged without opening the file. */
    readonly head?: Uint8Array;
  };

/** Finds a file's type and the facts of its kind. It answers for any bytes, and throws only for the source or the signal. */
export async function inspectMedia(input: InspectionInput): Promise<MediaFacts> {
  const { fileName, readHeader, probe, signal, party } = input;
  signal?.throwIfAborted();
  const source = sourceOf(input);
  try {
    const { mime, kind, svg } = await detectType(source, fileName);
    if (kind === "video" || kind === "audio") {
      return { mime, kind, ...(source.whole.length > 0 && (await probe?.(source.whole, { signal, party }))) };
    }
    if (kind !== "picture") return { mime, kind };
    if (svg !== undefined) return { mime, kind, ...svg.size, hasAlpha: true, animated: false };
    return { mime, kind, ...(await pictureFacts(source, mime, { readHeader, signal, party }).catch(unreadable)) };
  } finally {
    await source.close();
  }
}

function sourceOf(input: InspectionInput): MediaSource {
  const { size, head, signal } = input;
  if ("chunks" in input) return new BytesByteSource(input.chunks, size, head);
  if ("path" in input && !("openRange" in input)) return new FileByteSource(input.path, size, head, signal);
  const endless = new AbortController().signal;
  return new StoredByteSource(input, signal ?? endless, { head, loads: maxLoadsToInspect });
}

type ReadFacts = Omit<PictureFacts, "mime" | "kind">;

async function pictureFacts(
  source: MediaSource,
  mime: string,
  { readHeader, ...options }: HeaderReading,
): Promise<ReadFacts> {
  const probed = await probeImage(source, mime, readHeader, options);
  const embedded = probed && (await embeddedMetadata(probed.blocks));
  const pages = await countPages(source, mime);
  return {
    ...probed?.facts,
    ...(pages !== undefined && { pages }),
    ...(embedded !== undefined && { embeddedMetadata: embedded }),
  };
}

/** A picture of which too much would have to be fetched counts as damaged. No engine opens it. */
function unreadable(error: unknown): ReadFacts {
  if (error instanceof MediaError && error.code === "ELIMIT") return { pages: uncountablePages };
  throw error;
}
