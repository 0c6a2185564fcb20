import { SluiceError } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";

/** @throws SluiceError FILE_UNREADABLE where the file has no metadata */
export function metadataObject(metadata: FileMetadata | undefined): FileMetadata {
  if (metadata !== undefined) return metadata;
  throw new SluiceError("FILE_UNREADABLE", {
    problem: "Only images of types that are decoded here have metadata, and videos and audio files that were read.",
  });
}
