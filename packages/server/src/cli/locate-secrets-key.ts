import type { SecretsKeysFacts } from "../app/secrets-keys/server-secrets-keys.ts";

/**
 * Says where the key for the secrets of origins is, and names the keys that are missing by their ids.
 * @param givenBy the flag or the variable that names the keys where no file does
 * @returns undefined where there is no key and none is needed
 */
export function locateSecretsKey({ file, canEncrypt, lacking }: SecretsKeysFacts, givenBy: string): string | undefined {
  const inPlace = file === undefined ? `given by ${givenBy}` : `in ${file}`;
  const notInPlace = `not in ${file ?? "--secrets-key"}`;
  if (lacking.length > 0) {
    const missing = `${lacking.length > 1 ? "keys" : "key"} ${lacking.join(", ")}`;
    return `${canEncrypt ? `${inPlace}, but` : `${notInPlace}:`} stored secrets of origins need the ${missing} (see docs/keys.md)`;
  }
  if (canEncrypt) return file === undefined ? inPlace : `${inPlace} (for the secrets of origins; in no backup)`;
  return file === undefined
    ? undefined
    : `${notInPlace}, where it could not be stored: origins with secrets are refused`;
}
