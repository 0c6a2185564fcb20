import {
  BulkJob,
  BulkJobProblem,
  BulkJobReceipt,
  FolderCopy,
  FolderDeletion,
  FolderMove,
  FolderReceipt,
  FolderRename,
  NewFolder,
} from "../schemas/folder.ts";
import { DeletionQuery } from "../schemas/trash.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { jobId } from "./path-parameters.ts";

const ofPaths = [
  "PARAMETER_INVALID",
  "INVALID_PARAMETER",
  "MISSING_PARAMETER",
  "INVALID_FOLDER_PATH",
  "FOLDER_NAME_IS_DOTS",
] as const;

const ofJobs = [...ofPaths, "TOO_MANY_OBJECTS", "FOLDER_LOCKED", "DESTINATION_LOCKED"] as const;

const ofMoves = [
  ...ofJobs,
  "NO_FILES_FOLDER",
  "SOURCE_FOLDER_MISSING",
  "SOURCE_IS_ROOT",
  "FOLDER_IS_DESTINATION",
  "INVALID_DESTINATION_PATH",
  "DESTINATION_CONTAINS_SOURCE",
] as const;

export const folders = {
  createFolder: {
    id: "create-folder",
    method: "POST",
    path: "/v1/folder",
    tag: "Folders",
    summary: "Create a folder",
    sdk: "folders.create",
    access: changing,
    body: NewFolder,
    answers: { 201: FolderReceipt },
    errors: [...ofPaths, "FOLDER_LOCKED"],
  },
  deleteFolder: {
    id: "delete-folder",
    method: "DELETE",
    path: "/v1/folder",
    tag: "Folders",
    summary: "Delete a folder with all that is in it",
    description: "With --trash-days the files go into the trash, each with its path.",
    sdk: "folders.delete",
    access: changing,
    query: DeletionQuery,
    body: FolderDeletion,
    answers: { 204: null },
    errors: [...ofJobs, "FOLDER_PATH_MISSING", "FOLDER_NOT_FOUND", "ROOT_NOT_DELETABLE"],
  },
  copyFolder: {
    id: "copy-folder",
    method: "POST",
    path: "/v1/bulkJobs/copyFolder",
    tag: "Folders",
    summary: "Copy a folder",
    description: "Starts a job. A folder of the same name at the destination is merged with the copy.",
    sdk: "folders.copy",
    access: changing,
    body: FolderCopy,
    answers: { 200: BulkJobReceipt },
    errors: ofMoves,
  },
  moveFolder: {
    id: "move-folder",
    method: "POST",
    path: "/v1/bulkJobs/moveFolder",
    tag: "Folders",
    summary: "Move a folder",
    description: "Starts a job. A folder of the same name at the destination is merged with the moved one.",
    sdk: "folders.move",
    access: changing,
    body: FolderMove,
    answers: { 200: BulkJobReceipt },
    errors: ofMoves,
  },
  renameFolder: {
    id: "rename-folder",
    method: "POST",
    path: "/v1/bulkJobs/renameFolder",
    tag: "Folders",
    summary: "Give a folder another name",
    description: "Starts a job.",
    sdk: "folders.rename",
    access: changing,
    body: FolderRename,
    answers: { 202: BulkJobReceipt },
    errors: [
      ...ofJobs,
      "FOLDER_PATH_MISSING",
      "FOLDER_NOT_FOUND",
      "ROOT_NOT_RENAMABLE",
      "FOLDER_ALREADY_EXISTS",
      "SAME_OLD_AND_NEW_FOLDER_NAME",
    ],
  },
  getBulkJob: {
    id: "bulk-job-status",
    method: "GET",
    path: "/v1/bulkJobs/:jobId",
    tag: "Folders",
    summary: "Get the status of a folder's job",
    description: "The status is 207 for a job that has ended without having done everything.",
    sdk: "folders.job.get",
    access: reading,
    parameters: { jobId },
    answers: { 200: BulkJob, 207: BulkJobProblem },
    errors: ["PARAMETER_INVALID", "BULK_JOB_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
