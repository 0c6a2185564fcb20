import { Type } from "typebox";
import { ExtensionRequest, ExtensionStatuses } from "./extension.ts";
import { FolderObject } from "./folder.ts";
import { AnyObject, nullable, type Shape, Timestamp } from "./shape.ts";

export const AiTag = Type.Object({
  name: Type.String(),
  confidence: Type.Number({ description: "0 to 100." }),
  source: Type.String({ description: "The extension that found the tag." }),
});
export type AiTag = Shape<typeof AiTag>;

export const VersionInfo = Type.Object({ id: Type.String(), name: Type.String() });

export const FileType = Type.Enum(["image", "non-image"]);

/** A file or one of its versions (docs/protocol/media-api.md §2.1). */
export const FileObject = Type.Object({
  fileId: Type.String(),
  type: Type.Enum(["file", "file-version"]),
  name: Type.String(),
  filePath: Type.String(),
  tags: nullable(Type.Array(Type.String())),
  AITags: nullable(Type.Array(AiTag)),
  versionInfo: VersionInfo,
  isPrivateFile: Type.Boolean(),
  isPublished: Type.Boolean(),
  customCoordinates: nullable(Type.String({ description: "x,y,width,height" })),
  url: Type.String(),
  thumbnail: Type.Optional(Type.String({ description: "Images, videos, audio files and PDFs have one." })),
  fileType: FileType,
  mime: Type.String(),
  width: Type.Optional(Type.Integer({ description: "In pixels." })),
  height: Type.Optional(Type.Integer({ description: "In pixels." })),
  size: Type.Integer({ description: "In bytes." }),
  bitRate: Type.Optional(Type.Integer({ description: "Of videos and audio, in bits per second." })),
  duration: Type.Optional(Type.Number({ description: "Of videos and audio, in seconds." })),
  audioCodec: Type.Optional(Type.String({ description: "Of videos and audio, such as `aac`." })),
  videoCodec: Type.Optional(Type.String({ description: "Of videos, such as `h264`." })),
  hasAlpha: Type.Optional(Type.Boolean()),
  customMetadata: AnyObject,
  embeddedMetadata: nullable(AnyObject),
  description: Type.Optional(Type.String()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type FileObject = Shape<typeof FileObject>;

export const FileList = Type.Array(FileObject);

/** A file in a list. */
export const ListedFile = Type.Object({
  ...FileObject.properties,
  dominantColor: Type.Optional(
    Type.String({
      pattern: "^#[0-9a-f]{6}$",
      description: "With include=dominantColor alone: the colour that most of the picture has. It is Sluice's own.",
    }),
  ),
});

/** The answer of `GET /v1/files`. */
export const ObjectList = Type.Array(Type.Union([ListedFile, FolderObject]));
export type ObjectList = Shape<typeof ObjectList>;

/** The answer to a change of a file's details. */
export const ChangedFile = Type.Object({
  ...FileObject.properties,
  extensionStatus: Type.Optional(ExtensionStatuses),
});

/** The query of `GET /v1/files/marks`. */
export const FolderMarksQuery = Type.Object({
  path: Type.Optional(Type.String({ default: "/", description: "The folder, without its subfolders." })),
  sort: Type.Optional(Type.String({ default: "ASC_CREATED", description: "As for the list, except RELEVANCE." })),
});

/** Evenly spaced sort keys of a folder's files. */
export const FolderMarks = Type.Object({
  files: Type.Integer({ description: "The number of the folder's files." }),
  total: Type.Integer({
    description:
      "The number of files that have a value of the sort. The others come behind them. By width and by height it is an " +
      "estimate, where the folder has more than 20,000 files.",
  }),
  marks: Type.Array(Type.String(), { maxItems: 200, description: "Values for startAt, in the order of the list." }),
});

/** The query of `GET /v1/files/tags`. */
export const TagsQuery = Type.Object({
  beginning: Type.Optional(
    Type.String({ default: "", description: "The characters that the tags begin with, whatever their case." }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
});

export const TagList = Type.Object({ tags: Type.Array(Type.String()) });

/** The query of `GET /v1/files` (docs/protocol/media-api.md §4). An empty value counts as absent. */
export const FileListQuery = Type.Object({
  type: Type.Optional(Type.Enum(["file", "file-version", "folder", "all"], { default: "file" })),
  sort: Type.Optional(
    Type.Enum(
      ["NAME", "CREATED", "UPDATED", "HEIGHT", "WIDTH", "SIZE", "RELEVANCE"].flatMap((key) => [
        `ASC_${key}`,
        `DESC_${key}`,
      ]),
      { default: "ASC_CREATED" },
    ),
  ),
  path: Type.Optional(Type.String()),
  fileType: Type.Optional(Type.Enum(["all", "image", "non-image"], { default: "all" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1000 })),
  skip: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  searchQuery: Type.Optional(
    Type.String({ description: "Beside it, type, tags, name and includeFolder have no effect." }),
  ),
  tags: Type.Optional(Type.String({ description: "Tags with commas between them. Any of them is enough." })),
  name: Type.Optional(Type.String({ description: "The exact name." })),
  includeFolder: Type.Optional(Type.Boolean({ default: false, description: "The same as type=all." })),
  duplicatesOf: Type.Optional(Type.String({ description: "A fileId. Lists files of equal content, itself included." })),
  similarTo: Type.Optional(
    Type.String({
      description:
        "A fileId, or fileId,distance. Lists files with a similar picture, the closest first unless sort is given.",
    }),
  ),
  cursor: Type.Optional(
    Type.String({ description: "The x-next-cursor or x-previous-cursor of another page of the same list." }),
  ),
  startAt: Type.Optional(Type.String({ description: "A value of the sort's key, at which the page opens." })),
  count: Type.Optional(
    Type.Enum(["none", "estimate"], { default: "none", description: "estimate: answers with x-estimated-count." }),
  ),
  include: Type.Optional(
    Type.Enum(["none", "dominantColor"], {
      default: "none",
      description: "dominantColor: files have this member, which is Sluice's own, where their colour is known.",
    }),
  ),
});

/** The members of a file that `PATCH …/details` changes (docs/protocol/media-api.md §5.1). Null unsets a value. */
export const FileDetailsChange = Type.Object({
  tags: Type.Optional(nullable(Type.Array(Type.String()))),
  customCoordinates: Type.Optional(nullable(Type.String({ description: "x,y,width,height" }))),
  description: Type.Optional(nullable(Type.String())),
  customMetadata: Type.Optional(AnyObject),
  removeAITags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Literal("all")])),
  extensions: Type.Optional(Type.Array(ExtensionRequest)),
  webhookUrl: Type.Optional(nullable(Type.String())),
});

export const FilePublication = Type.Object({
  publish: Type.Object({
    isPublished: Type.Boolean(),
    includeFileVersions: Type.Optional(Type.Boolean({ default: false })),
  }),
});

/** The body of `PATCH /v1/files/{fileId}/details`: one of the two, never both. */
export const FileChange = Type.Union([FilePublication, FileDetailsChange]);
