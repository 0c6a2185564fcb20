import type { FileObject } from "@sluice/protocol/schemas";
import { type AssetRow, isCurrent, updatedAtOf } from "../../database/repositories/assets.ts";
import { readCustomMetadata } from "../custom-metadata/field.ts";
import { storedInFile } from "../details/stored-columns.ts";
import { joinPath } from "../names.ts";
import { assetUrl, type Endpoint, thumbnailOf } from "./asset-url.ts";
import { fileTypeOf, hasThumbnail } from "./file-type.ts";
import { timedFacts } from "./timed-metadata.ts";

/** A file or an old version of one, as the media API and events show it (docs/protocol/media-api.md §2.1). */
export function fileObject(asset: AssetRow, endpoint: Endpoint): FileObject {
  const current = isCurrent(asset);
  const { publicUrl, imagekitId } = endpoint;
  const url = assetUrl(publicUrl, imagekitId, asset.folder_path, asset.name);
  const query = queryOf(asset);
  // A stored parameter without a member in the schema does not compile: the serialiser would drop it.
  const stored = storedInFile(asset) satisfies Pick<FileObject, keyof ReturnType<typeof storedInFile>>;
  const { tags, customCoordinates, description, ...otherDetails } = stored;
  return {
    fileId: asset.file_id,
    type: current ? "file" : "file-version",
    name: asset.name,
    filePath: joinPath(asset.folder_path, asset.name),
    tags,
    AITags: fromJson<FileObject["AITags"]>(asset.ai_tags),
    versionInfo: { id: asset.id, name: `Version ${asset.number}` },
    ...otherDetails,
    customCoordinates,
    url: `${url}?${query}`,
    ...(hasThumbnail(asset) ? { thumbnail: thumbnailOf(asset, endpoint, query) } : {}),
    fileType: fileTypeOf(asset.kind),
    mime: asset.mime,
    ...(asset.width === null ? {} : { width: asset.width }),
    ...(asset.height === null ? {} : { height: asset.height }),
    size: asset.size,
    ...timedFacts(asset),
    ...(asset.kind === "picture" && asset.has_alpha !== null ? { hasAlpha: asset.has_alpha === 1 } : {}),
    customMetadata: readCustomMetadata(asset.custom_metadata),
    embeddedMetadata: fromJson<FileObject["embeddedMetadata"]>(asset.embedded_metadata),
    ...(description === undefined ? {} : { description }),
    createdAt: new Date(current ? asset.file_created_at : asset.created_at).toISOString(),
    // The file has not changed when its folder has moved. Lists sort and search by this time.
    updatedAt: new Date(asset.updated_at).toISOString(),
  };
}

/** The query parameters have the vendor's order (docs/protocol/delivery.md §1.1). */
function queryOf(asset: AssetRow): string {
  const version = isCurrent(asset) ? "" : `ik-obj-version=${asset.object_version}&`;
  return `${version}updatedAt=${updatedAtOf(asset)}`;
}

function fromJson<Value>(text: string | null): Value | null {
  return text === null ? null : (JSON.parse(text) as Value);
}
