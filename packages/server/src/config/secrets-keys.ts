import { randomBytes } from "node:crypto";
import { ConfigError } from "./config-error.ts";

const keyBytes = 32;

/** Creates a random key, in the form that `parseSecretsKeys` reads. */
export function generateSecretsKey(): string {
  return randomBytes(keyBytes).toString("hex");
}

/**
 * Reads the keys with which secrets are encrypted, newest first. Each is 32 bytes, in hexadecimal or in base64.
 * @param place the flag or the file that holds the text
 * @returns the keys in base64
 * @throws ConfigError, which quotes nothing
 */
export function parseSecretsKeys(text: string, place = "--secrets-key"): readonly string[] {
  const keys = text.split(",").map((key) => {
    const trimmed = key.trim();
    const bytes = /^[\da-f]{64}$/i.test(trimmed)
      ? Buffer.from(trimmed, "hex")
      : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
        ? Buffer.from(trimmed, "base64")
        : undefined;
    if (bytes?.length !== keyBytes) {
      throw new ConfigError(
        `${place} must hold 32 bytes in hexadecimal or base64, such as \`openssl rand -hex 32\` prints, or several such keys separated by commas`,
      );
    }
    return bytes.toString("base64");
  });
  if (new Set(keys).size < keys.length) throw new ConfigError(`${place} names a key twice`);
  return keys;
}
