import { Type } from "typebox";
import { previewSides } from "../preview-sides.ts";
import { maxTrashSearchLength } from "../trash-search.ts";
import { ErrorReasonCode } from "./error-body.ts";
import { FileType } from "./file.ts";
import { nullable, type Shape, Timestamp } from "./shape.ts";

/*
 * The trash, which is Sluice's own (docs/trash.md). A file in the trash answers 404 everywhere else.
 */

/** The query of the three operations that delete files. */
export const DeletionQuery = Type.Object({
  permanent: Type.Optional(
    Type.Boolean({
      description:
        "`true` deletes the files for good, past the trash. `false` puts them into the trash, also where the server has " +
        "not been told to keep what the API deletes; it is refused where the trash is switched off.",
    }),
  ),
});

export const TrashedFileFacts = Type.Object({
  fileId: Type.String(),
  name: Type.String(),
  filePath: Type.String({ description: "The path that the file had, and gets again when it is restored." }),
  trashedAt: Timestamp,
  purgeAt: Type.String({ format: "date-time", description: "The time from which the file is deleted for good." }),
});
export type TrashedFileFacts = Shape<typeof TrashedFileFacts>;

/** A file in the list of the trash. It has no URL, since none leads to it. */
export const TrashedFile = Type.Object({
  ...TrashedFileFacts.properties,
  fileType: FileType,
  mime: Type.String(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  size: Type.Integer({ description: "Bytes of the current version." }),
  versions: Type.Integer({ minimum: 1, description: "The number of versions, the current one included." }),
  totalSize: Type.Integer({ description: "Bytes of all versions together. They count in the storage quota." }),
  createdAt: Timestamp,
});
export type TrashedFile = Shape<typeof TrashedFile>;

/** The query of `GET /_sluice/trash`. */
export const TrashQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  cursor: Type.Optional(Type.String({ description: "nextCursor of the page before." })),
  nameContains: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxTrashSearchLength,
      description:
        "A part of the names that are listed, in upper or lower case. In a large trash, a page may have fewer files than " +
        "`limit`, or none, and a `nextCursor` with which the search goes on.",
    }),
  ),
});

/** The query of `GET /_sluice/trash/:fileId/thumbnail`. */
export const TrashedThumbnailQuery = Type.Object({
  side: Type.Optional(
    Type.Enum([...previewSides], {
      default: 320,
      description: "The side in pixels within which the thumbnail fits.",
    }),
  ),
});

export const TrashList = Type.Object({
  files: Type.Array(TrashedFile, { description: "What was put into the trash last comes first." }),
  nextCursor: nullable(Type.String()),
});
export type TrashList = Shape<typeof TrashList>;

const TrashedFileIds = Type.Array(Type.String(), { minItems: 1, maxItems: 100 });

/** The body of `POST /_sluice/trash/restore`. */
export const TrashRestoration = Type.Object({ fileIds: TrashedFileIds });

const restoredMembers = {
  restored: Type.Array(
    Type.Object({
      fileId: Type.String(),
      restoredFileId: Type.String({
        description: "The file at the path now: another one where the path was occupied, which took over the versions.",
      }),
    }),
  ),
};

export const RestoredFiles = Type.Object(restoredMembers);

/** Some of the files could not be restored. */
export const RestoredInPart = Type.Object({
  ...restoredMembers,
  errors: Type.Array(
    Type.Object({ fileId: Type.String(), message: Type.String(), help: Type.String(), reason: ErrorReasonCode }),
  ),
});

/** The body of `POST /_sluice/trash/empty`: either files, or all. */
export const TrashEmptying = Type.Union([
  Type.Object({ fileIds: TrashedFileIds }),
  Type.Object({ all: Type.Literal(true) }),
]);

export const EmptiedTrash = Type.Object({
  completed: Type.Boolean({ description: "False while a job deletes the rest, which takes a moment." }),
});
