/**
 * The facts in the bytes of a file, by the kind of its content. A fact that is added here needs a column
 * (`library/files/media-columns.ts`), or it isn't kept.
 */
export type MediaFacts = PictureFacts | VideoFacts | AudioFacts | DocumentFacts | OtherFacts;

interface TypedFacts {
  /** Lower case, without parameters. */
  readonly mime: string;
}

/** The facts of a picture or a drawing, in the terms of the upload response (docs/protocol/upload.md §11). */
export interface PictureFacts extends TypedFacts {
  /** Also for a picture whose content is damaged. */
  readonly kind: "picture";
  /** Pixels as displayed; absent unless the header could be read. For an animation, the pixels of one frame. */
  readonly width?: number;
  readonly height?: number;
  /** The EXIF orientation, 1 to 8. */
  readonly orientation?: number;
  readonly hasAlpha?: boolean;
  readonly animated?: boolean;
  /** Frames or pages; absent for formats whose pages aren't counted (`inspect/count-pages.ts`). */
  readonly pages?: number;
  /** The EXIF, IPTC and XMP metadata as JSON; absent if the file has none. */
  readonly embeddedMetadata?: string;
}

/** What a video or a sound says of itself. A fact is absent where the file doesn't tell it, or nothing can read the file. */
export interface TimedFacts {
  /** In seconds. */
  readonly duration?: number;
  /** Bits per second, of the whole file. */
  readonly bitRate?: number;
  readonly audioCodec?: string;
  /** When and where it was taken, as JSON of the members that a picture's own metadata have. */
  readonly embeddedMetadata?: string;
}

/** Whether the file has been read. One that can be read has a sound or a picture at least. */
export function isRead(facts: TimedFacts & Pick<VideoFacts, "videoCodec">): boolean {
  return facts.duration !== undefined || facts.audioCodec !== undefined || facts.videoCodec !== undefined;
}

export interface VideoFacts extends TypedFacts, TimedFacts {
  readonly kind: "video";
  /** Pixels as displayed: turned as the file says, and with square pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly videoCodec?: string;
}

export interface AudioFacts extends TypedFacts, TimedFacts {
  readonly kind: "audio";
}

export interface DocumentFacts extends TypedFacts {
  readonly kind: "document";
}

export interface OtherFacts extends TypedFacts {
  readonly kind: "other";
}
