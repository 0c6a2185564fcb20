import { Type } from "typebox";
import { ErrorReasonCode } from "./error-body.ts";
import { Progress } from "./progress.ts";
import { AnyObject, type Shape, Timestamp } from "./shape.ts";

const folderPath = (description: string) => Type.String({ description });

/** A folder in a list (docs/protocol/media-api.md §2.2). */
export const FolderObject = Type.Object({
  type: Type.Literal("folder"),
  folderId: Type.String(),
  name: Type.String(),
  folderPath: folderPath("The folder's own path, without a trailing slash."),
  customMetadata: AnyObject,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type FolderObject = Shape<typeof FolderObject>;

/** The body of `POST /v1/folder` (docs/protocol/media-api.md §6.1). */
export const NewFolder = Type.Object({
  folderName: Type.String({
    description: "Every character but letters, marks, numbers, `_` and `-` becomes `_`.",
  }),
  parentFolderPath: folderPath("The folder that contains the new one. It is created if it is missing."),
});

/** The body of `DELETE /v1/folder`. */
export const FolderDeletion = Type.Object({
  folderPath: folderPath("The folder that is deleted with all that is in it."),
});

const moveMembers = {
  sourceFolderPath: folderPath("The folder, with all that is in it."),
  destinationPath: folderPath("The folder that the source is put into. It is created if it is missing."),
};

/** The body of `POST /v1/bulkJobs/moveFolder`. */
export const FolderMove = Type.Object(moveMembers);

/** The body of `POST /v1/bulkJobs/copyFolder`. */
export const FolderCopy = Type.Object({
  ...moveMembers,
  includeVersions: Type.Optional(
    Type.Boolean({ default: false, description: "Whether all versions are copied, and not the current ones alone." }),
  ),
  includeFileVersions: Type.Optional(Type.Boolean({ description: "Another name of includeVersions." })),
});

/** The body of `POST /v1/bulkJobs/renameFolder`. */
export const FolderRename = Type.Object({
  folderPath: folderPath("The folder that gets another name."),
  newFolderName: Type.String({
    description: "Every character but letters, marks, numbers, `_` and `-` becomes `_`.",
  }),
  purgeCache: Type.Optional(
    Type.Boolean({ default: false, description: "Whether the files' derived images are made anew." }),
  ),
});

/** The body of the answer to a request that creates a folder. */
export const FolderReceipt = Type.Object({});

export const BulkJobReceipt = Type.Object({ jobId: Type.String() });

const jobMembers = {
  jobId: Type.String(),
  type: Type.Enum(["COPY_FOLDER", "MOVE_FOLDER", "RENAME_FOLDER"]),
  status: Type.Enum(["Pending", "Completed"]),
  purgeRequestId: Type.Optional(Type.String({ description: "The purge that follows a rename with purgeCache." })),
  done: Type.Integer({ minimum: 0, description: "The number of files and folders that the job has dealt with." }),
  total: Type.Integer({ minimum: 0, description: "The number of files and folders that the job has to deal with." }),
};

/** The answer of `GET /v1/bulkJobs/{jobId}`. `done`, `total` and `progress` are Sluice's own. */
export const BulkJob = Type.Object({ ...jobMembers, progress: Type.Optional(Progress) });
export type BulkJob = Shape<typeof BulkJob>;

/** The answer for a job that has ended without having done everything. */
export const BulkJobProblem = Type.Object({
  ...jobMembers,
  message: Type.String(),
  help: Type.String(),
  reason: ErrorReasonCode,
});
export type BulkJobProblem = Shape<typeof BulkJobProblem>;
