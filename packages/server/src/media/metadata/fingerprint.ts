/** The side of the small picture that is looked at, in pixels. */
export const fingerprintSide = 32;
/** The number of the picture's lowest frequencies, in each direction, that make its hash. */
export const fingerprintFrequencies = 8;

/** The hash and the colour say what is seen of a picture at a glance. */
export interface PictureFingerprint {
  /**
   * 64 bits as 16 hex digits. Each bit says whether one of the picture's lowest frequencies is above their median. For
   * the same picture in another size or quality few bits differ, for another picture about half.
   */
  readonly hash: string;
  /** As `#rrggbb`; undefined for a picture that is transparent all over. */
  readonly color: string | undefined;
}
