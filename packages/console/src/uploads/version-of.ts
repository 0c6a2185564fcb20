import type { QueueItem } from "@sluice/client";
import { call } from "../api/call.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { storedPlace } from "./stored-place.ts";

/**
 * The parameters with which an upload becomes a version of the file at its path. By itself a new version is public, and
 * has none of the details of the version before (docs/protocol/upload.md §8).
 */
export async function versionOf({ fileName, folder = "/" }: QueueItem): Promise<Partial<QueueItem>> {
  const stored = storedPlace({ folder, name: fileName });
  const query = { path: stored.folder, name: stored.name, type: "file", limit: 1 } as const;
  const { body } = await call("GET /v1/files", { query });
  const [file] = body as readonly LibraryFile[];
  return {
    useUniqueFileName: false,
    overwriteFile: true,
    overwriteTags: false,
    overwriteAITags: false,
    overwriteCustomMetadata: false,
    overwriteDescription: false,
    ...(file && { isPrivateFile: file.isPrivateFile, isPublished: file.isPublished }),
    ...(file?.customCoordinates && { customCoordinates: file.customCoordinates }),
  };
}
