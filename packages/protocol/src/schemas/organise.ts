import { Type } from "typebox";
import { ErrorBody } from "./error-body.ts";

/** The body of `POST /v1/files/copy` (docs/protocol/media-api.md §5.3). */
export const FileCopy = Type.Object({
  sourceFilePath: Type.String({ description: "The whole path of the file." }),
  destinationPath: Type.String({ description: "The folder that gets the copy. It is created if it is missing." }),
  includeFileVersions: Type.Optional(Type.Boolean({ default: false })),
});

/** The body of `POST /v1/files/move`. */
export const FileMove = Type.Object({
  sourceFilePath: Type.String({ description: "The whole path of the file." }),
  destinationPath: Type.String({ description: "The folder that gets the file. It is created if it is missing." }),
});

/** The body of `PUT /v1/files/rename` (docs/protocol/media-api.md §5.4). */
export const FileRename = Type.Object({
  filePath: Type.String({ description: "The whole path of the file." }),
  newFileName: Type.String(),
  purgeCache: Type.Optional(Type.Boolean({ default: false })),
});

export const RenamedFile = Type.Object({
  purgeRequestId: Type.Optional(Type.String({ description: "Where purgeCache was true." })),
});

/** The file is renamed, and the purge that was asked for can't be made. */
export const RenamedUnpurged = ErrorBody;

const FileIds = (maxItems: number) => Type.Array(Type.String(), { minItems: 1, maxItems });

/** The body of `POST /v1/files/batch/deleteByFileIds` (docs/protocol/media-api.md §6). */
export const BulkDelete = Type.Object({ fileIds: FileIds(100) });

export const DeletedFiles = Type.Object({ successfullyDeletedFileIds: Type.Array(Type.String()) });

/** The body of `POST /v1/files/addTags` and `removeTags`. */
export const BulkTags = Type.Object({ fileIds: FileIds(50), tags: Type.Array(Type.String(), { minItems: 1 }) });

/** The body of `POST /v1/files/removeAITags`. */
export const BulkAiTags = Type.Object({ fileIds: FileIds(50), AITags: Type.Array(Type.String(), { minItems: 1 }) });

export const EditedFiles = Type.Object({ successfullyUpdatedFileIds: Type.Array(Type.String()) });

/** Some of the files could not be changed. */
export const EditedInPart = Type.Object({
  ...EditedFiles.properties,
  errors: Type.Array(Type.Object({ fileId: Type.String(), error: Type.String() })),
});
