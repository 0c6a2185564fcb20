import { SluiceError } from "@sluice/protocol";
import { Type } from "typebox";
import type { ImageMetadata } from "../../../media/metadata/image-metadata.ts";

const Group = Type.Object({}, { additionalProperties: true });

/** docs/protocol/media-api.md §2.3. */
export const MetadataObject = Type.Object({
  height: Type.Integer(),
  width: Type.Integer(),
  size: Type.Integer(),
  format: Type.String(),
  hasColorProfile: Type.Boolean(),
  quality: Type.Integer(),
  density: Type.Optional(Type.Integer()),
  hasTransparency: Type.Boolean(),
  exif: Type.Object({
    image: Group,
    thumbnail: Group,
    exif: Group,
    gps: Group,
    interoperability: Group,
    makernote: Group,
  }),
  pHash: Type.Optional(Type.String()),
});

/** @throws SluiceError FILE_UNREADABLE where there are none */
export function metadataObject(metadata: ImageMetadata | undefined): ImageMetadata {
  if (metadata !== undefined) return metadata;
  throw new SluiceError("FILE_UNREADABLE", { problem: "Only images are read, of types that are decoded here." });
}
