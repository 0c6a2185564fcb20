import { randomBytes } from "node:crypto";
import { link, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { generateSecretsKey, parseSecretsKeys } from "../../config/secrets-keys.ts";
import { syncFolder } from "../../storage/durable-folder.ts";
import { errnoOf } from "../../storage/storage-error.ts";
import { writeNewFile } from "../../storage/write-all.ts";

/** The path of the file that holds the key of a server on SQLite, in the form that `--secrets-key` takes. */
export function secretsKeyFile(dataDir: string): string {
  return join(dataDir, "secrets-key.txt");
}

/**
 * @returns the keys in base64, newest first; undefined without the file
 * @throws ConfigError when the file can't be read or holds something else; the message quotes nothing of it
 */
export async function readSecretsKeyFile(dataDir: string): Promise<readonly string[] | undefined> {
  const path = secretsKeyFile(dataDir);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw new ConfigError(`${path}, which holds the key of --secrets-key, can't be read (${errnoOf(error)})`, {
      cause: error,
    });
  });
  return text === undefined ? undefined : parseSecretsKeys(text, path);
}

/**
 * Stores a new key. The file is durable when it resolves, before any secret is encrypted with the key. A file that is
 * there stays as it is: another server on the same data may have made it a moment ago.
 */
export async function makeSecretsKeyFile(dataDir: string): Promise<void> {
  const path = secretsKeyFile(dataDir);
  const fresh = join(dataDir, `secrets-key.${randomBytes(4).toString("hex")}.txt`);
  try {
    await writeNewFile(fresh, [Buffer.from(`${generateSecretsKey()}\n`)]);
    // A link takes the place of no file, as a rename would, and no crash leaves half a key.
    await link(fresh, path).catch((error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await rm(fresh, { force: true });
  }
  await syncFolder(dataDir);
}
