const headerLength = 128;

/**
 * Whether bytes are a whole ICC profile for such colours. A file with another profile is shown in other colours than
 * its rendering.
 * @param colours the colour space as the profile's header names it
 */
export function isProfileOf(profile: Buffer, colours: string): boolean {
  return (
    profile.length > headerLength &&
    profile.readUInt32BE(0) === profile.length &&
    profile.toString("latin1", 36, 40) === "acsp" &&
    profile.toString("latin1", 16, 20) === colours
  );
}
