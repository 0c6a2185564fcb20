import type { Services } from "../app/services.ts";
import type { Party } from "../concurrency/fair-line.ts";
import type { MediaFacts } from "../media/inspect/inspect-media.ts";
import { type ImageMetadata, imageMetadata } from "../media/metadata/image-metadata.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import { imageSourceOf, mediaSourceOf } from "../spool/spooled-image.ts";
import type { UploadRequest } from "./validate.ts";

/**
 * The metadata of the bytes that are to be stored, where `responseFields` asks for them. When the image engine has no
 * room they are without the hash: the upload is worth more.
 * @returns null for what is no image that is read here; undefined where nobody asks
 */
export async function describe(
  { images }: Pick<Services, "images">,
  { responseFields }: Pick<UploadRequest, "responseFields">,
  { spooled, media }: { readonly spooled: SpooledFile; readonly media: MediaFacts },
  party: Party,
  signal: AbortSignal,
): Promise<ImageMetadata | null | undefined> {
  if (!responseFields.has("metadata")) return undefined;
  const { mime, width, height } = media;
  const content = mediaSourceOf(spooled, signal);
  try {
    const source = imageSourceOf(spooled);
    const picture = { mime, width, height, content, source, party, hash: "if there is room" } as const;
    return (await imageMetadata(images, picture, signal)) ?? null;
  } finally {
    await content.close();
  }
}
