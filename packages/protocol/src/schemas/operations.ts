import type { TSchema } from "typebox";
import {
  CustomFieldChange,
  CustomFieldList,
  CustomFieldListQuery,
  CustomFieldObject,
  NewCustomField,
} from "./custom-field.ts";
import { NewSavedExtension, SavedExtensionChange, SavedExtensionList, SavedExtensionObject } from "./extension.ts";
import {
  ChangedFile,
  FileChange,
  FileList,
  FileListQuery,
  FileObject,
  FolderMarks,
  FolderMarksQuery,
  ObjectList,
} from "./file.ts";
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
} from "./folder.ts";
import { Health } from "./health.ts";
import { ImageMetadata, UrlMetadataQuery } from "./image-metadata.ts";
import {
  NamedTransformationChange,
  NamedTransformationList,
  NamedTransformationObject,
  NewNamedTransformation,
} from "./named-transformation.ts";
import {
  BulkAiTags,
  BulkDelete,
  BulkTags,
  DeletedFiles,
  EditedFiles,
  EditedInPart,
  FileCopy,
  FileMove,
  FileRename,
  RenamedFile,
  RenamedUnpurged,
} from "./organise.ts";
import { PurgeReceipt, PurgeRequest, PurgeStatus } from "./purge.ts";
import { UploadForm, UploadFormV1, UploadResponse } from "./upload.ts";
import { UploadOutcome, UploadOutcomeQuestion } from "./upload-outcome.ts";

export interface Operation {
  readonly method: "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
  /** Segments that begin with a colon are parameters. */
  readonly path: string;
  readonly query?: TSchema;
  /** A JSON body. */
  readonly body?: TSchema;
  /** A multipart form. */
  readonly form?: TSchema;
  /** The body of each successful answer, by status; null if it has none. The body of a refusal is an `ErrorBody`. */
  readonly answers: Readonly<Record<number, TSchema | null>>;
}

/** Every operation with a JSON request or a JSON answer. */
export const operations = {
  upload: { method: "POST", path: "/api/v2/files/upload", form: UploadForm, answers: { 200: UploadResponse } },
  uploadV1: { method: "POST", path: "/api/v1/files/upload", form: UploadFormV1, answers: { 200: UploadResponse } },
  askUploadOutcome: {
    method: "POST",
    path: "/_sluice/upload-outcome",
    body: UploadOutcomeQuestion,
    answers: { 200: UploadOutcome },
  },

  listFiles: { method: "GET", path: "/v1/files", query: FileListQuery, answers: { 200: ObjectList } },
  listMarks: { method: "GET", path: "/v1/files/marks", query: FolderMarksQuery, answers: { 200: FolderMarks } },
  getFile: { method: "GET", path: "/v1/files/:fileId/details", answers: { 200: FileObject } },
  changeFile: { method: "PATCH", path: "/v1/files/:fileId/details", body: FileChange, answers: { 200: ChangedFile } },
  deleteFile: { method: "DELETE", path: "/v1/files/:fileId", answers: { 204: null } },
  listVersions: { method: "GET", path: "/v1/files/:fileId/versions", answers: { 200: FileList } },
  getVersion: { method: "GET", path: "/v1/files/:fileId/versions/:versionId", answers: { 200: FileObject } },
  deleteVersion: { method: "DELETE", path: "/v1/files/:fileId/versions/:versionId", answers: { 204: null } },
  restoreVersion: {
    method: "PUT",
    path: "/v1/files/:fileId/versions/:versionId/restore",
    answers: { 200: FileObject },
  },

  copyFile: { method: "POST", path: "/v1/files/copy", body: FileCopy, answers: { 204: null } },
  moveFile: { method: "POST", path: "/v1/files/move", body: FileMove, answers: { 204: null } },
  renameFile: {
    method: "PUT",
    path: "/v1/files/rename",
    body: FileRename,
    answers: { 200: RenamedFile, 207: RenamedUnpurged },
  },
  deleteFiles: {
    method: "POST",
    path: "/v1/files/batch/deleteByFileIds",
    body: BulkDelete,
    answers: { 200: DeletedFiles },
  },
  addTags: {
    method: "POST",
    path: "/v1/files/addTags",
    body: BulkTags,
    answers: { 200: EditedFiles, 207: EditedInPart },
  },
  removeTags: {
    method: "POST",
    path: "/v1/files/removeTags",
    body: BulkTags,
    answers: { 200: EditedFiles, 207: EditedInPart },
  },
  removeAITags: {
    method: "POST",
    path: "/v1/files/removeAITags",
    body: BulkAiTags,
    answers: { 200: EditedFiles, 207: EditedInPart },
  },

  getFileMetadata: { method: "GET", path: "/v1/files/:fileId/metadata", answers: { 200: ImageMetadata } },
  getUrlMetadata: { method: "GET", path: "/v1/metadata", query: UrlMetadataQuery, answers: { 200: ImageMetadata } },

  createFolder: { method: "POST", path: "/v1/folder", body: NewFolder, answers: { 201: FolderReceipt } },
  deleteFolder: { method: "DELETE", path: "/v1/folder", body: FolderDeletion, answers: { 204: null } },
  copyFolder: {
    method: "POST",
    path: "/v1/bulkJobs/copyFolder",
    body: FolderCopy,
    answers: { 200: BulkJobReceipt },
  },
  moveFolder: {
    method: "POST",
    path: "/v1/bulkJobs/moveFolder",
    body: FolderMove,
    answers: { 200: BulkJobReceipt },
  },
  renameFolder: {
    method: "POST",
    path: "/v1/bulkJobs/renameFolder",
    body: FolderRename,
    answers: { 202: BulkJobReceipt },
  },
  getBulkJob: {
    method: "GET",
    path: "/v1/bulkJobs/:jobId",
    answers: { 200: BulkJob, 207: BulkJobProblem },
  },

  listCustomFields: {
    method: "GET",
    path: "/v1/customMetadataFields",
    query: CustomFieldListQuery,
    answers: { 200: CustomFieldList },
  },
  createCustomField: {
    method: "POST",
    path: "/v1/customMetadataFields",
    body: NewCustomField,
    answers: { 201: CustomFieldObject },
  },
  changeCustomField: {
    method: "PATCH",
    path: "/v1/customMetadataFields/:id",
    body: CustomFieldChange,
    answers: { 200: CustomFieldObject },
  },
  deleteCustomField: { method: "DELETE", path: "/v1/customMetadataFields/:id", answers: { 204: null } },

  listNamedTransformations: {
    method: "GET",
    path: "/v1/named-transformations",
    answers: { 200: NamedTransformationList },
  },
  createNamedTransformation: {
    method: "POST",
    path: "/v1/named-transformations",
    body: NewNamedTransformation,
    answers: { 201: NamedTransformationObject },
  },
  getNamedTransformation: {
    method: "GET",
    path: "/v1/named-transformations/:id",
    answers: { 200: NamedTransformationObject },
  },
  changeNamedTransformation: {
    method: "PATCH",
    path: "/v1/named-transformations/:id",
    body: NamedTransformationChange,
    answers: { 200: NamedTransformationObject },
  },
  deleteNamedTransformation: { method: "DELETE", path: "/v1/named-transformations/:id", answers: { 204: null } },

  listSavedExtensions: { method: "GET", path: "/v1/saved-extensions", answers: { 200: SavedExtensionList } },
  createSavedExtension: {
    method: "POST",
    path: "/v1/saved-extensions",
    body: NewSavedExtension,
    answers: { 201: SavedExtensionObject },
  },
  getSavedExtension: { method: "GET", path: "/v1/saved-extensions/:id", answers: { 200: SavedExtensionObject } },
  changeSavedExtension: {
    method: "PATCH",
    path: "/v1/saved-extensions/:id",
    body: SavedExtensionChange,
    answers: { 200: SavedExtensionObject },
  },
  deleteSavedExtension: { method: "DELETE", path: "/v1/saved-extensions/:id", answers: { 204: null } },

  purgeFiles: { method: "POST", path: "/v1/files/purge", body: PurgeRequest, answers: { 201: PurgeReceipt } },
  getPurgeStatus: { method: "GET", path: "/v1/files/purge/:requestId", answers: { 200: PurgeStatus } },

  getHealth: { method: "GET", path: "/health", answers: { 200: Health, 503: Health } },
} as const satisfies Readonly<Record<string, Operation>>;
