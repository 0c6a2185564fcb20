import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Party } from "../../concurrency/fair-line.ts";
import { type FileSizeLimits, limitOf } from "../../config/plans.ts";
import { timedMetadata } from "../../library/files/timed-metadata.ts";
import { BytesByteSource, FileByteSource, type MediaSource } from "../../media/byte-source.ts";
import type { ImageSource } from "../../media/image/image-source.ts";
import { type HeaderReading, inspectMedia } from "../../media/inspect/inspect-media.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import { MediaError } from "../../media/media-error.ts";
import { describePicture } from "../../media/metadata/describe-picture.ts";
import { StoredByteSource } from "../../media/stored-byte-source.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { invalidParameter } from "../../text/parameter.ts";
import type { UploadDeps } from "../deps.ts";
import { refuseBusy } from "../failures.ts";
import type { UploadRequest } from "../resolve/validate.ts";

/**
 * Finds out what the bytes are, whatever their name and the client say (docs/protocol/upload.md §15.17).
 * @throws SluiceError FILE_TOO_LARGE, or for a parameter that this kind of file can't have
 */
export async function inspect(
  spooled: SpooledFile & { readonly head: Uint8Array },
  request: UploadRequest,
  limits: FileSizeLimits,
  reading: HeaderReading,
): Promise<MediaFacts> {
  const { size } = spooled;
  // A header that nobody has had time to read says nothing of the file.
  const facts = await inspectMedia({ ...spooled, fileName: request.fileName, ...reading }).catch(refuseBusy);
  // A file can pretend to be a video by its beginning alone. It was then let in under the limit for videos.
  if (size > limits.file && facts.kind !== "video") {
    throw new SluiceError("FILE_TOO_LARGE", { ...limitOf(limits, undefined) });
  }
  if (request.customCoordinates !== undefined && facts.kind !== "picture") {
    const problem = "Only an image can have customCoordinates.";
    throw invalidParameter("customCoordinates", problem);
  }
  return facts;
}

/**
 * Reads the metadata of the bytes to be stored, when `responseFields` asks for them. When the image engine has no room,
 * the metadata come without the hash, because the upload is worth more.
 * @returns null for a file that can't be read here, and for an image of which too much would have to be fetched;
 * undefined when nobody asks
 */
export async function describe(
  { images }: Pick<UploadDeps, "images">,
  { responseFields }: Pick<UploadRequest, "responseFields">,
  { spooled, media }: { readonly spooled: SpooledFile; readonly media: MediaFacts },
  party: Party,
  signal: AbortSignal,
): Promise<FileMetadata | null | undefined> {
  if (!responseFields.has("metadata")) return undefined;
  if (media.kind === "video" || media.kind === "audio") return timedMetadata({ ...media, size: spooled.size }) ?? null;
  if (media.kind !== "picture") return null;
  const { mime, width, height } = media;
  const content = mediaSourceOf(spooled, signal);
  try {
    const source = imageSourceOf(spooled);
    const picture = { mime, width, height, content, source, party, hash: "if there is room" } as const;
    return (await describePicture(images, picture, signal).catch(nothingBeyondLimits)) ?? null;
  } finally {
    await content.close();
  }
}

function nothingBeyondLimits(error: unknown): undefined {
  if (!(error instanceof MediaError && error.code === "ELIMIT")) throw error;
}

/** A spooled file as a source that the image engine can open. */
export function imageSourceOf(spooled: SpooledFile): ImageSource {
  if ("openRange" in spooled) return spooled;
  return {
    size: spooled.size,
    path: "path" in spooled ? spooled.path : undefined,
    open: async () => ("chunks" in spooled ? Readable.from(spooled.chunks) : createReadStream(spooled.path)),
  };
}

/** A spooled file as a source for inspection. The caller closes it. */
function mediaSourceOf(spooled: SpooledFile, signal: AbortSignal): MediaSource {
  if ("openRange" in spooled) return new StoredByteSource(spooled, signal);
  return "chunks" in spooled
    ? new BytesByteSource(spooled.chunks, spooled.size, undefined)
    : new FileByteSource(spooled.path, spooled.size, undefined, signal);
}
