import { type Static, Type } from "typebox";
import type { AssetRow } from "../../../database/repositories/assets.ts";
import { type Endpoint, fileObject as fileObjectOf } from "../../../library/files/file-object.ts";

const AiTag = Type.Object({ name: Type.String(), confidence: Type.Number(), source: Type.String() });

/** The schema of `library/file-object.ts`. */
export const FileObject = Type.Object({
  fileId: Type.String(),
  type: Type.Enum(["file", "file-version"]),
  name: Type.String(),
  filePath: Type.String(),
  tags: Type.Union([Type.Array(Type.String()), Type.Null()]),
  AITags: Type.Union([Type.Array(AiTag), Type.Null()]),
  versionInfo: Type.Object({ id: Type.String(), name: Type.String() }),
  isPrivateFile: Type.Boolean(),
  isPublished: Type.Boolean(),
  customCoordinates: Type.Union([Type.String(), Type.Null()]),
  url: Type.String(),
  thumbnail: Type.Optional(Type.String()),
  fileType: Type.Enum(["image", "non-image"]),
  mime: Type.String(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  size: Type.Integer(),
  hasAlpha: Type.Optional(Type.Boolean()),
  customMetadata: Type.Object({}, { additionalProperties: true }),
  embeddedMetadata: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]),
  description: Type.Optional(Type.String()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

export type FileObject = Static<typeof FileObject>;

export type { Endpoint };

export const fileObject: (asset: AssetRow, endpoint: Endpoint) => FileObject = fileObjectOf;
