/** Body of a successful upload (docs/protocol/upload.md §11). */
export interface UploadResponse {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
  readonly versionInfo: { readonly id: string; readonly name: string };
  readonly filePath: string;
  readonly url: string;
  readonly fileType: "image" | "non-image";
  readonly height?: number;
  readonly width?: number;
  readonly orientation?: number;
  readonly thumbnailUrl?: string;
  readonly AITags: unknown;
  /** How each extension that was asked for has ended, by its name. */
  readonly extensionStatus?: Readonly<Record<string, "success" | "pending" | "failed">>;
  readonly description?: string;
  // The rest where `responseFields` asks for it.
  readonly tags?: unknown;
  readonly customCoordinates?: string | null;
  readonly isPrivateFile?: boolean;
  readonly isPublished?: boolean;
  readonly customMetadata?: Readonly<Record<string, unknown>>;
  /** What the picture says of itself in EXIF, IPTC and XMP; null where it says nothing. */
  readonly embeddedMetadata?: Readonly<Record<string, unknown>> | null;
  /** Of an image; null for other files. */
  readonly metadata?: unknown;
  readonly selectedFieldsSchema?: Readonly<Record<string, unknown>>;
}
