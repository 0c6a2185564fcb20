/** A file that was made from a version. */
export interface MadeRendition {
  readonly data: Uint8Array;
  /** ASCII, 255 characters at most. */
  readonly contentType: string;
  /** The length in pixels. */
  readonly width: number;
}

/** A derived file as the cache keeps it and answers send it. */
export interface KeptRendition extends MadeRendition {
  /** SHA-256 of the bytes and their description, in hex. The same file made twice may differ in a bit. */
  readonly digest: string;
}
