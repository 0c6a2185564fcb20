import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Party } from "../../concurrency/fair-line.ts";
import { timedMetadata } from "../../library/files/timed-metadata.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import { MediaError } from "../../media/media-error.ts";
import { describePicture } from "../../media/metadata/describe-picture.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadNeeds } from "../needs.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import { imageSourceOf, mediaSourceOf } from "./spooled-source.ts";

/**
 * Reads the metadata of the bytes to be stored, when `responseFields` asks for them. When the image engine has no room,
 * the metadata come without the hash, because the upload is worth more.
 * @returns null for a file that can't be read here, and for an image of which too much would have to be fetched;
 * undefined when nobody asks
 */
export async function describe(
  { images }: { readonly images: Pick<UploadNeeds["images"], "fingerprint" | "readHeader" | "render"> },
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
