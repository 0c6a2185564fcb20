import { Type } from "typebox";
import {
  EmptiedTrash,
  RestoredFiles,
  RestoredInPart,
  TrashEmptying,
  TrashedThumbnailQuery,
  TrashList,
  TrashQuery,
  TrashRestoration,
} from "../schemas/trash.ts";
import { changing, managing } from "./access.ts";
import type { Operation } from "./operation.ts";

const ofFileIds = [
  "PARAMETER_INVALID",
  "FILE_IDS_MISSING",
  "FILE_IDS_NO_ARRAY",
  "FILE_IDS_EMPTY",
  "TOO_MANY_FILES_TO_DELETE",
  "FILES_NOT_IN_TRASH",
  "RATE_LIMIT_EXCEEDED",
] as const;

export const trash = {
  listTrash: {
    id: "list-trash",
    method: "GET",
    path: "/_sluice/trash",
    tag: "Trash",
    summary: "List the files in the trash",
    description: "What was put there last comes first.",
    access: managing,
    query: TrashQuery,
    compressed: true,
    answers: { 200: TrashList },
    errors: ["PARAMETER_INVALID", "RATE_LIMIT_EXCEEDED"],
  },
  getTrashedThumbnail: {
    id: "get-trashed-thumbnail",
    method: "GET",
    path: "/_sluice/trash/:fileId/thumbnail",
    tag: "Trash",
    summary: "Get the thumbnail of a file in the trash",
    description: "It shows what the thumbnail of the file showed before. No cache keeps the answer.",
    access: managing,
    parameters: { fileId: Type.String() },
    query: TrashedThumbnailQuery,
    headers: { accept: Type.String({ description: "The image's format may follow from it, as in delivery." }) },
    answers: { 200: Type.Unsafe<unknown>({ contentMediaType: "*/*", description: "The image." }) },
    errors: ["PARAMETER_INVALID", "FILE_NOT_IN_TRASH", "THUMBNAIL_NOT_FOUND", "SERVER_BUSY", "RATE_LIMIT_EXCEEDED"],
  },
  restoreFromTrash: {
    id: "restore-from-trash",
    method: "POST",
    path: "/_sluice/trash/restore",
    tag: "Trash",
    summary: "Restore up to 100 files from the trash",
    description:
      "Each file goes back to its path, and its folder is created where it is gone. Where another file has the path, that " +
      "file gets the versions behind its own, as with a move.",
    access: changing,
    body: TrashRestoration,
    answers: { 200: RestoredFiles, 207: RestoredInPart },
    errors: ofFileIds,
  },
  emptyTrash: {
    id: "empty-trash",
    method: "POST",
    path: "/_sluice/trash/empty",
    tag: "Trash",
    summary: "Delete files in the trash for good, up to 100 or all of them",
    description: "A large trash is emptied by a job. What comes into the trash later stays there.",
    access: changing,
    body: TrashEmptying,
    answers: { 200: EmptiedTrash },
    errors: [...ofFileIds, "TRASH_SELECTION_INVALID"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
