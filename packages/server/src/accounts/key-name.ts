/** The maximum length of a key pair's name, in characters. */
export const maxKeyNameLength = 100;

/** What a name of a key pair has to be, for the refusal of one that isn't. */
export const keyNameRule = `1 to ${maxKeyNameLength} visible characters in one line`;

/** Characters that would break the line in which the name stands, or reverse it. */
const unkept = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Reads the name that people give to a key pair. @returns undefined for one that can't be kept */
export function keyNameIn(text: string): string | undefined {
  const name = text.trim().normalize("NFC");
  const isKept =
    visible.test(name) && [...name].length <= maxKeyNameLength && name.isWellFormed() && !unkept.test(name);
  return isKept ? name : undefined;
}
