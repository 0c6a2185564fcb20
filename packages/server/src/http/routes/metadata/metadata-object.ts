import { SluiceError } from "@sluice/protocol";
import type { ImageMetadata } from "@sluice/protocol/schemas";

/** @throws SluiceError FILE_UNREADABLE where the file has no metadata */
export function metadataObject(metadata: ImageMetadata | undefined): ImageMetadata {
  if (metadata !== undefined) return metadata;
  throw new SluiceError("FILE_UNREADABLE", { problem: "Only images are read, of types that are decoded here." });
}
