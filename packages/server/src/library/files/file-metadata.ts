import { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";
import { accountParty } from "../../concurrency/fair-line.ts";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { findBlob } from "../../database/repositories/blobs.ts";
import { BytesByteSource } from "../../media/byte-source.ts";
import { FetchedImage } from "../../media/fetched-image.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import { inspectMedia } from "../../media/inspect/inspect-media.ts";
import { MediaError } from "../../media/media-error.ts";
import { describePicture, type PictureToDescribe } from "../../media/metadata/describe-picture.ts";
import { StoredByteSource } from "../../media/stored-byte-source.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { storedTimedMetadata, timedMetadata } from "./timed-metadata.ts";

export interface MetadataServices {
  readonly blobs: BlobStore;
  readonly config: { readonly limits: Pick<Config["limits"], "imageBytes"> };
  readonly database: { readonly reader: Connection };
  readonly images: Pick<ImageEngine, "render" | "fingerprint" | "readHeader">;
}

type DescribedVersion = Parameters<typeof storedTimedMetadata>[0] & Pick<AssetRow, "blob_id" | "kind" | "pages">;

/**
 * Reads the metadata of a stored image. Those of a video or a sound are the facts that are stored with it.
 * @returns undefined for any other file, one that has an unsupported format or is broken, and for an image of which too
 * much would have to be fetched
 * @throws SluiceError SERVER_BUSY; the errors of database and store
 */
export async function storedMetadata(
  { blobs, config, database, images }: MetadataServices,
  accountId: string,
  version: DescribedVersion,
  signal: AbortSignal,
  { hash = "always" }: Pick<PictureToDescribe, "hash"> = {},
): Promise<FileMetadata | undefined> {
  if (version.kind === "video" || version.kind === "audio") return storedTimedMetadata(version);
  if (version.kind !== "picture") return undefined;
  const blob = await findBlob(database.reader, version.blob_id);
  if (blob === undefined) return undefined;
  const { storage_key: key, size } = blob;
  const source = {
    size,
    pages: version.pages,
    open: (opened: AbortSignal) => blobs.read(key, undefined, opened),
    openRange: (range: { readonly start: number; readonly end: number }, opened: AbortSignal) =>
      blobs.read(key, range, opened),
  };
  const { mime, width, height } = version;
  const fetched = new FetchedImage(source, signal);
  const picture = { mime, width, height, source: fetched, party: accountParty(accountId) };
  // The engine doesn't open an image beyond this size.
  const described =
    size <= config.limits.imageBytes
      ? ({ ...picture, content: fetched, hash } as const)
      : ({ ...picture, content: new StoredByteSource(source, signal), hash: "never" } as const);
  return refusingWhenBusy(() => describePicture(images, described, signal));
}

/** Reads the metadata of an image that was rendered for delivery and is not stored. */
export async function renderedMetadata(
  { images }: Pick<MetadataServices, "images">,
  accountId: string,
  { bytes, contentType }: { readonly bytes: Uint8Array; readonly contentType: string | undefined },
  signal: AbortSignal,
): Promise<FileMetadata | undefined> {
  const chunks = [bytes];
  // SVG is text, and only the file name tells that it is a drawing.
  const fileName = contentType === "image/svg+xml" ? "drawing.svg" : "";
  const party = accountParty(accountId);
  const { readHeader } = images;
  const read = { chunks, size: bytes.length, fileName, head: bytes, readHeader, signal, party };
  const facts = await inspectMedia(read);
  if (facts.kind !== "picture") return undefined;
  const { mime, width, height } = facts;
  const content = new BytesByteSource(chunks, bytes.length, bytes);
  const source = { size: bytes.length, open: async () => Readable.from(chunks) };
  return refusingWhenBusy(() => describePicture(images, { mime, width, height, content, source, party }, signal));
}

export interface VideoMetadataServices {
  readonly videos: Pick<VideoEngine, "probe">;
}

/** A video that was made for delivery and is not stored, as it is delivered. */
export interface RenderedVideo {
  readonly mime: string;
  readonly size: number;
  readonly open: (signal: AbortSignal) => Promise<Readable>;
}

/** Reads the metadata of a video that was made for delivery. */
export async function renderedVideoMetadata(
  { videos }: VideoMetadataServices,
  accountId: string,
  { mime, size, open }: RenderedVideo,
  signal: AbortSignal,
): Promise<FileMetadata | undefined> {
  return refusingWhenBusy(async () => {
    const facts = await videos.probe({ size, open }, { signal, party: accountParty(accountId) });
    return facts && timedMetadata({ mime, size, ...facts });
  });
}

async function refusingWhenBusy(work: () => Promise<FileMetadata | undefined>): Promise<FileMetadata | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    if (error.code === "EBUSY") throw new SluiceError("SERVER_BUSY", {}, { cause: error });
    return undefined;
  }
}
