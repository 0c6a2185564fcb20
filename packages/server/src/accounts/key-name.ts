/** The maximum length of a key pair's name, in characters. */
export const maxKeyNameLength = 100;

/** What a name of a key pair has to be, for the refusal of one that isn't. */
export const keyNameRule = `1 to ${maxKeyNameLength} characters in one line`;

/** Reads the name that people give to a key pair. @returns undefined for one that can't be kept */
export function keyNameIn(text: string): string | undefined {
  const name = text.trim().normalize("NFC");
  const isKept = name !== "" && [...name].length <= maxKeyNameLength && name.isWellFormed() && !/\p{Cc}/u.test(name);
  return isKept ? name : undefined;
}
