import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { toStorageError } from "../storage/storage-error.ts";

/**
 * The path at which the data folder keeps the secret of this name.
 * @throws ConfigError for a name that leads elsewhere, as an account of a forged backup may have it
 */
export function secretFile(dataDir: string, name: string): string {
  if (basename(name) !== name) throw new ConfigError(`imagekitId: ${JSON.stringify(name)} is no name of a file`);
  return join(dataDir, `${name}.txt`);
}

/**
 * Writes the secret into a file of mode 0600 and returns the file's path. A file of an earlier secret is replaced in
 * one step, so that no crash leaves half a secret.
 * @throws StorageError
 */
export async function writeSecretFile(dataDir: string, name: string, secret: string): Promise<string> {
  const path = secretFile(dataDir, name);
  const fresh = secretFile(dataDir, `${name}.${randomBytes(4).toString("hex")}`);
  try {
    // An existing file would keep its mode, so the new file is made under another name and then renamed.
    await writeFile(fresh, `${secret}\n`, { mode: 0o600, flag: "wx", flush: true });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw toStorageError(error, `write ${path}`);
  }
  return path;
}
