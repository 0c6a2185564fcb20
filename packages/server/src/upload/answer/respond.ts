import type { UploadResponse } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import { fullAlone } from "../../accounts/key-roles.ts";
import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import { type CustomField, readCustomMetadata } from "../../library/custom-metadata/field.ts";
import { selectedFieldsSchema } from "../../library/custom-metadata/selected-fields.ts";
import { type StoredInAnswer, shownOnRequest, storedInAnswer } from "../../library/details/stored-columns.ts";
import {
  assetUrl,
  type Endpoint,
  findThumbnailKey,
  type ThumbnailKey,
  thumbnailUrl,
} from "../../library/files/asset-url.ts";
import { fileTypeOf } from "../../library/files/file-type.ts";
import { timedFacts } from "../../library/files/timed-metadata.ts";
import { joinPath } from "../../library/names.ts";
import type { ResponseField } from "../resolve/parameters/table.ts";

export interface AnswerContext extends Endpoint {
  /** The account's custom metadata fields, where `selectedFieldsSchema` is asked for. */
  readonly fields: readonly CustomField[];
  /** The file's metadata, where the request asks for them. */
  readonly metadata?: FileMetadata | null | undefined;
  readonly extensionStatus?: ExtensionStatuses | undefined;
}

export function respond(
  asset: AssetRow,
  requested: ReadonlySet<ResponseField>,
  context: AnswerContext,
): UploadResponse {
  const { publicUrl, imagekitId, extensionStatus } = context;
  return {
    fileId: asset.file_id,
    name: asset.name,
    size: asset.size,
    versionInfo: { id: asset.id, name: `Version ${asset.number}` },
    filePath: joinPath(asset.folder_path, asset.name),
    url: assetUrl(publicUrl, imagekitId, asset.folder_path, asset.name),
    fileType: fileTypeOf(asset.kind),
    ...(asset.height === null ? {} : { height: asset.height }),
    ...(asset.width === null ? {} : { width: asset.width }),
    ...(asset.orientation === null ? {} : { orientation: asset.orientation }),
    ...timedFacts(asset),
    ...(asset.kind === "picture" ? { thumbnailUrl: thumbnailUrl(asset, context) } : {}),
    AITags: parseJson(asset.ai_tags) as UploadResponse["AITags"],
    ...(extensionStatus && { extensionStatus }),
    ...(storedInAnswer(asset) satisfies Pick<UploadResponse, keyof StoredInAnswer>),
    ...requestedValues(asset, requested, context),
  };
}

/** Members that are answered only when `responseFields` asks for them. */
function requestedValues(asset: AssetRow, requested: ReadonlySet<ResponseField>, context: AnswerContext) {
  const members = [...requested].map((field) => [field, onRequest[field](asset, context)]);
  return Object.fromEntries(members) as Partial<Pick<UploadResponse, ResponseField>>;
}

const onRequest: Readonly<Record<ResponseField, (asset: AssetRow, context: AnswerContext) => unknown>> = {
  ...shownOnRequest,
  customMetadata: (asset) => readCustomMetadata(asset.custom_metadata),
  embeddedMetadata: (asset) => parseJson(asset.embedded_metadata),
  metadata: (_, { metadata = null }) => metadata,
  selectedFieldsSchema: (_, { fields }) => selectedFieldsSchema(fields),
};

function parseJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

/**
 * Finds the key for the thumbnail in an upload's answer. A pair that may only upload sees nothing of private files, so
 * the answers to its uploads have unsigned URLs.
 */
export async function findUploadThumbnailKey(
  { database, now }: { readonly database: { readonly reader: Connection }; readonly now: () => number },
  { accountId, key }: Pick<Principal, "accountId" | "key">,
  asset: Pick<AssetRow, "kind" | "is_private_file">,
): Promise<ThumbnailKey | undefined> {
  return fullAlone.includes(key.role) ? findThumbnailKey(database.reader, accountId, [asset], now()) : undefined;
}

/**
 * Whether the upload's file still shows the upload's version where the answer says. An answer that is given once more
 * names the file's first path, where somebody else's file may be by now.
 */
export function isStillThere(
  version: Pick<AssetRow, "folder_path" | "name" | "id" | "current_version_id">,
  answered: Pick<AssetRow, "folder_path" | "name">,
): boolean {
  return (
    version.id === version.current_version_id &&
    version.folder_path === answered.folder_path &&
    version.name === answered.name
  );
}
