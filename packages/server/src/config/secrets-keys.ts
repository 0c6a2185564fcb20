import { ConfigError } from "./config-error.ts";

const keyBytes = 32;

/**
 * Reads the keys with which secrets are encrypted, newest first. Each is 32 bytes, in hexadecimal or in base64.
 * @returns the keys in base64
 * @throws ConfigError, which quotes nothing
 */
export function parseSecretsKeys(text: string): readonly string[] {
  const keys = text.split(",").map((key) => {
    const trimmed = key.trim();
    const bytes = /^[\da-f]{64}$/i.test(trimmed)
      ? Buffer.from(trimmed, "hex")
      : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
        ? Buffer.from(trimmed, "base64")
        : undefined;
    if (bytes?.length !== keyBytes) {
      throw new ConfigError(
        "--secrets-key must be 32 bytes in hexadecimal or base64, such as `openssl rand -hex 32` prints, or several separated by commas",
      );
    }
    return bytes.toString("base64");
  });
  if (new Set(keys).size < keys.length) throw new ConfigError("--secrets-key names a key twice");
  return keys;
}
