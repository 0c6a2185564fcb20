import { Type } from "typebox";
import { SelectedFieldsSchema } from "./custom-field.ts";
import { ExtensionRequest, ExtensionStatuses } from "./extension.ts";
import { AiTag, FileType, VersionInfo } from "./file.ts";
import { FileMetadata } from "./file-metadata.ts";
import { AnyObject, nullable, type Shape } from "./shape.ts";

/** Members of the answer that are present only if `responseFields` asks for them. */
const onRequest = {
  tags: Type.Optional(nullable(Type.Array(Type.String()))),
  customCoordinates: Type.Optional(nullable(Type.String({ description: "x,y,width,height" }))),
  isPrivateFile: Type.Optional(Type.Boolean()),
  isPublished: Type.Optional(Type.Boolean()),
  embeddedMetadata: Type.Optional(nullable(AnyObject)),
  customMetadata: Type.Optional(AnyObject),
  metadata: Type.Optional(nullable(FileMetadata)),
  selectedFieldsSchema: Type.Optional(SelectedFieldsSchema),
};

export const ResponseField = Type.Enum(Object.keys(onRequest) as (keyof typeof onRequest)[]);
export type ResponseField = Shape<typeof ResponseField>;

/** The body of a successful upload's answer (docs/protocol/upload.md §11). */
export const UploadResponse = Type.Object({
  fileId: Type.String(),
  name: Type.String(),
  size: Type.Integer({ description: "In bytes." }),
  versionInfo: VersionInfo,
  filePath: Type.String(),
  url: Type.String(),
  fileType: FileType,
  height: Type.Optional(Type.Integer({ description: "In pixels." })),
  width: Type.Optional(Type.Integer({ description: "In pixels." })),
  orientation: Type.Optional(Type.Integer({ description: "As EXIF counts it, 1 to 8." })),
  bitRate: Type.Optional(Type.Integer({ description: "Of videos and audio, in bits per second." })),
  duration: Type.Optional(Type.Number({ description: "Of videos and audio, in seconds." })),
  audioCodec: Type.Optional(Type.String({ description: "Of videos and audio, such as `aac`." })),
  videoCodec: Type.Optional(Type.String({ description: "Of videos, such as `h264`." })),
  thumbnailUrl: Type.Optional(Type.String({ description: "Images have one." })),
  AITags: nullable(Type.Array(AiTag)),
  extensionStatus: Type.Optional(ExtensionStatuses),
  description: Type.Optional(Type.String()),
  ...onRequest,
});
export type UploadResponse = Shape<typeof UploadResponse>;

/** The answer of an upload whose `pre` a job makes of the video (docs/protocol/upload.md §9). */
export const UploadQueued = Type.Object({
  message: Type.Literal("The pre-transformation has been queued successfully."),
});
export type UploadQueued = Shape<typeof UploadQueued>;

/** The answer about a resumable upload that has not ended. */
export const UploadProgress = Type.Object({
  offset: Type.Integer({ minimum: 0, description: "The number of bytes that are kept." }),
  length: Type.Optional(
    Type.Integer({ minimum: 1, description: "The length of the whole file, once the client has told it." }),
  ),
});
export type UploadProgress = Shape<typeof UploadProgress>;

/** An entry of an upload's `transformation.post` (docs/protocol/upload.md §9). */
export const PostTransformation = Type.Object({
  type: Type.Enum(["transformation", "gif-to-video", "thumbnail", "abs"]),
  value: Type.Optional(Type.String()),
  protocol: Type.Optional(Type.Enum(["hls", "dash"])),
});
export type PostTransformation = Shape<typeof PostTransformation>;

const flag = (value: boolean) => Type.Optional(Type.Boolean({ default: value }));

/**
 * An upload's parameters with the types that the form's fields stand for (docs/protocol/upload.md §5). In the form each
 * is text: a list is separated by commas, objects and arrays of objects are JSON.
 */
export const uploadParameters = {
  fileName: Type.String(),
  folder: Type.Optional(Type.String({ default: "/" })),
  useUniqueFileName: flag(true),
  tags: Type.Optional(Type.Array(Type.String())),
  isPrivateFile: flag(false),
  isPublished: flag(true),
  customCoordinates: Type.Optional(Type.String({ description: "x,y,width,height" })),
  responseFields: Type.Optional(Type.Array(ResponseField)),
  overwriteFile: flag(true),
  overwriteAITags: flag(true),
  overwriteTags: flag(true),
  overwriteCustomMetadata: flag(true),
  overwriteDescription: flag(true),
  description: Type.Optional(Type.String()),
  customMetadata: Type.Optional(AnyObject),
  extensions: Type.Optional(Type.Array(ExtensionRequest)),
  webhookUrl: Type.Optional(Type.String()),
  transformation: Type.Optional(
    Type.Object({ pre: Type.Optional(Type.String()), post: Type.Optional(Type.Array(PostTransformation)) }),
  ),
  checks: Type.Optional(Type.String()),
};

/** The format is the vendor's. Generators make a file of it, which they would not of a plain text. */
const file = Type.String({
  format: "binary",
  description: "The bytes, as a file of the form; or their base64, or the URL of a file.",
});

/**
 * The form of `POST /api/v2/files/upload`. Without Basic authentication it contains the token that names every
 * parameter.
 */
export const UploadForm = Type.Object({ file, token: Type.Optional(Type.String()), ...uploadParameters });

/**
 * The form of `POST /api/v1/files/upload`. Without Basic authentication it contains a signature, which names no
 * parameter.
 */
export const UploadFormV1 = Type.Object({
  file,
  publicKey: Type.Optional(Type.String()),
  signature: Type.Optional(Type.String()),
  expire: Type.Optional(Type.Integer({ description: "In Unix seconds." })),
  token: Type.Optional(Type.String()),
  ...uploadParameters,
});
