import type { FolderObject } from "@sluice/protocol/schemas";
import type { FolderRow } from "../../database/repositories/folders.ts";

/** A folder as the media API shows it (docs/protocol/media-api.md §2.2). */
export function folderObject({ id, name, path, created_at, updated_at }: FolderRow): FolderObject {
  return {
    type: "folder",
    folderId: id,
    name,
    folderPath: path,
    customMetadata: {},
    createdAt: new Date(created_at).toISOString(),
    updatedAt: new Date(updated_at).toISOString(),
  };
}
