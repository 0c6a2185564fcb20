/** A file, an earlier version or a folder, as far as searches ask for it. */
export interface LibraryObject {
  readonly type: "file" | "file-version" | "folder";
  /** `fileId` or `folderId`. */
  readonly id: string;
  /** Differs for each version of a file. */
  readonly rowId: string;
  readonly name: string;
  /** The path of the folder that holds it. */
  readonly folder: string;
  readonly tags: readonly string[];
  readonly aiTags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly custom: Readonly<Record<string, CustomValue>>;
  readonly embedded: Readonly<Record<string, unknown>>;
  /** A folder has none of these. */
  readonly file?: FileFacts;
}

export type CustomValue = string | number | boolean | readonly (string | number | boolean)[];

export interface FileFacts {
  readonly mime: string;
  readonly fileType: "image" | "non-image";
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  readonly hasAlpha?: boolean;
  readonly duration?: number;
  readonly bitRate?: number;
  readonly videoCodec?: string;
  readonly audioCodec?: string;
  readonly isPrivateFile: boolean;
  readonly isPublished: boolean;
}
