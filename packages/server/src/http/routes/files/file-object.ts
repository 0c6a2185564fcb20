import { type Static, Type } from "typebox";
import { type AssetRow, isCurrent } from "../../../database/repositories/assets.ts";
import { assetUrl, thumbnailTransformation } from "../../../library/asset-url.ts";
import { readCustomMetadata } from "../../../library/custom-metadata/field.ts";
import { joinPath } from "../../../parameters/folder.ts";

const AiTag = Type.Object({ name: Type.String(), confidence: Type.Number(), source: Type.String() });

/** A file or an old version of one, as the media API shows it (spec/media-api.md §2.1). */
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
  embeddedMetadata: Type.Null(),
  description: Type.Optional(Type.String()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

export type FileObject = Static<typeof FileObject>;

/** The address under which an account's files are delivered. */
export interface Endpoint {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly imagekitId: string;
}

export function fileObject(asset: AssetRow, endpoint: Endpoint): FileObject {
  const current = isCurrent(asset);
  const image = asset.file_type === "image";
  const url = urlOf(asset, endpoint);
  return {
    fileId: asset.file_id,
    type: current ? "file" : "file-version",
    name: asset.name,
    filePath: joinPath(asset.folder_path, asset.name),
    tags: fromJson<string[]>(asset.tags),
    AITags: fromJson<Static<typeof AiTag>[]>(asset.ai_tags),
    versionInfo: { id: asset.id, name: `Version ${asset.number}` },
    isPrivateFile: asset.is_private_file === 1,
    isPublished: asset.is_published === 1,
    customCoordinates: asset.custom_coordinates,
    url,
    // As in an upload's answer, what has no picture has no thumbnail.
    ...(image ? { thumbnail: `${url}&tr=${thumbnailTransformation}` } : {}),
    fileType: asset.file_type,
    mime: asset.mime,
    ...(asset.width === null ? {} : { width: asset.width }),
    ...(asset.height === null ? {} : { height: asset.height }),
    size: asset.size,
    ...(image && asset.has_alpha !== null ? { hasAlpha: asset.has_alpha === 1 } : {}),
    customMetadata: readCustomMetadata(asset.custom_metadata),
    embeddedMetadata: null,
    ...(asset.description === null ? {} : { description: asset.description }),
    createdAt: new Date(current ? asset.file_created_at : asset.created_at).toISOString(),
    updatedAt: new Date(asset.updated_at).toISOString(),
  };
}

/** The query's order is the vendor's (spec/delivery.md §1.1). */
function urlOf(asset: AssetRow, { publicUrl, imagekitId }: Endpoint): string {
  const version = isCurrent(asset) ? "" : `ik-obj-version=${asset.object_version}&`;
  return `${assetUrl(publicUrl, imagekitId, asset.folder_path, asset.name)}?${version}updatedAt=${asset.updated_at}`;
}

function fromJson<Value>(text: string | null): Value | null {
  return text === null ? null : (JSON.parse(text) as Value);
}
