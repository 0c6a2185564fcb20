/** What was made of a version. */
export interface Made {
  readonly data: Uint8Array;
  /** ASCII, 255 characters at most. */
  readonly contentType: string;
  /** Pixels. */
  readonly width: number;
}

/** The same as it is kept and sent. */
export interface Derived extends Made {
  /** SHA-256 of the bytes and of what is said of them, hex. Two makings of the same may differ in a bit. */
  readonly digest: string;
}
