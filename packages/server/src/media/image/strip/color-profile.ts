const headerLength = 128;

/**
 * Whether bytes are an ICC profile, whole, for such colours: a file whose profile is another is shown in other colours
 * than what is made of it.
 * @param colours as the profile's header has them
 */
export function isProfileOf(profile: Buffer, colours: string): boolean {
  return (
    profile.length > headerLength &&
    profile.readUInt32BE(0) === profile.length &&
    profile.toString("latin1", 36, 40) === "acsp" &&
    profile.toString("latin1", 16, 20) === colours
  );
}
