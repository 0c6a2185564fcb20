import { Type } from "typebox";
import { AnyObject, type Shape } from "./shape.ts";

/** An image's metadata in the vendor's older form (docs/protocol/media-api.md §2.3). */
export const ImageMetadata = Type.Object({
  height: Type.Integer({ description: "In pixels, as displayed." }),
  width: Type.Integer({ description: "In pixels, as displayed." }),
  size: Type.Integer({ description: "In bytes." }),
  format: Type.String(),
  hasColorProfile: Type.Boolean(),
  quality: Type.Integer({ description: "Of a JPEG 1 to 100, as its tables suggest; 0 where it isn't known." }),
  density: Type.Optional(Type.Integer({ description: "In dots per inch; absent where the file doesn't say." })),
  hasTransparency: Type.Boolean({ description: "Whether the image has an alpha channel." }),
  exif: Type.Object({
    image: AnyObject,
    thumbnail: AnyObject,
    exif: AnyObject,
    gps: AnyObject,
    interoperability: AnyObject,
    makernote: AnyObject,
  }),
  pHash: Type.Optional(
    Type.String({ description: "64 bits in hex; absent where the pixels can't be decoded within the limits." }),
  ),
});
export type ImageMetadata = Shape<typeof ImageMetadata>;

/** The query of `GET /v1/metadata`. */
export const UrlMetadataQuery = Type.Object({ url: Type.String({ description: "The URL of a file of the account." }) });
