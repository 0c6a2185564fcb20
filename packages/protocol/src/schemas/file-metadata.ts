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

/** What a video or an audio file says of itself. A member that the file doesn't tell is left out. */
export const TimedMetadata = Type.Object({
  height: Type.Optional(Type.Integer({ description: "In pixels, as displayed." })),
  width: Type.Optional(Type.Integer({ description: "In pixels, as displayed." })),
  size: Type.Integer({ description: "In bytes." }),
  format: Type.Optional(Type.String({ description: "Such as `mp4`, where searches have a name for it." })),
  bitRate: Type.Optional(Type.Integer({ description: "In bits per second." })),
  duration: Type.Optional(Type.Number({ description: "In seconds." })),
  audioCodec: Type.Optional(Type.String({ description: "Such as `aac`." })),
  videoCodec: Type.Optional(Type.String({ description: "Such as `h264`. Videos have one." })),
});
export type TimedMetadata = Shape<typeof TimedMetadata>;

/** A file's metadata, by what the file is. */
export const FileMetadata = Type.Union([ImageMetadata, TimedMetadata]);
export type FileMetadata = Shape<typeof FileMetadata>;

/** The query of `GET /v1/metadata`. */
export const UrlMetadataQuery = Type.Object({ url: Type.String({ description: "The URL of a file of the account." }) });
