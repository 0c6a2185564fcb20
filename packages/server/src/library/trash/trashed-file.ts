import type { TrashedFile, TrashedFileFacts } from "@sluice/protocol/schemas";
import type { TrashedAsset, TrashedFileRow } from "../../database/repositories/trash.ts";
import { fileTypeOf } from "../files/file-type.ts";
import { joinPath } from "../names.ts";

/** The facts about a file in the trash that events show. */
export function trashedFileFacts(
  row: Pick<TrashedFileRow, "id" | "name" | "folder_path" | "trashed_at" | "purge_at">,
): TrashedFileFacts {
  return {
    fileId: row.id,
    name: row.name,
    filePath: joinPath(row.folder_path, row.name),
    trashedAt: new Date(row.trashed_at).toISOString(),
    purgeAt: new Date(row.purge_at).toISOString(),
  };
}

/** A file in the trash as the list of the trash shows it. It has no URL, since none leads to it. */
export function trashedFileObject(asset: TrashedAsset): TrashedFile {
  return {
    ...trashedFileFacts(asset),
    fileType: fileTypeOf(asset.kind),
    mime: asset.mime,
    ...(asset.width === null ? {} : { width: asset.width }),
    ...(asset.height === null ? {} : { height: asset.height }),
    size: asset.size,
    versions: asset.versions,
    totalSize: asset.bytes,
    createdAt: new Date(asset.created_at).toISOString(),
  };
}
