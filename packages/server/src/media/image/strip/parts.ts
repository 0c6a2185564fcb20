/** The parts of a stripped file, in the file's order: slices of the source, and parts that are written anew. */
export type Parts = readonly Uint8Array[];

export interface StripOptions {
  /** The EXIF orientation, 1 to 8: how the picture has to be turned to be shown upright. Only a JPEG can say so. */
  readonly orientation: number;
  /** A result that has this many bytes or more is of no use. */
  readonly maxBytes: number;
}

export function lengthOf(parts: Parts): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

const profileHeader = 128;

/**
 * Whether bytes are a whole ICC profile for such colours. A file with another profile is shown in other colours than
 * its rendering.
 * @param colours the colour space as the profile's header names it
 */
export function isProfileOf(profile: Buffer, colours: string): boolean {
  return (
    profile.length > profileHeader &&
    profile.readUInt32BE(0) === profile.length &&
    profile.toString("latin1", 36, 40) === "acsp" &&
    profile.toString("latin1", 16, 20) === colours
  );
}
