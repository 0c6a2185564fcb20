import { readFile } from "node:fs/promises";
import { ConfigError } from "../config/config-error.ts";
import { errnoOf, toStorageError } from "../storage/storage-error.ts";

/** Changes bytes into other bytes: encrypts or decrypts them. */
export type Transform = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Encrypts the rows of a backup, so that only the recipients' identities open them. */
export interface Seal {
  readonly recipients: readonly string[];
  readonly seal: Transform;
}

/** @throws ConfigError for a text that is no recipient of age, or where the package is missing */
export async function openSeal(recipients: readonly string[]): Promise<Seal> {
  const { Encrypter } = await importAge("--recipient");
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw new ConfigError("--recipient must be a public key of age, such as age1…; age-keygen makes one");
    }
  }
  return { recipients, seal: (bytes) => encrypter.encrypt(bytes) };
}

/**
 * Reads the identities from a file as `age-keygen` writes it: one a line, beside comments.
 * @throws ConfigError when the file can't be used, or the package is missing
 */
export async function openIdentity(path: string): Promise<Transform> {
  const { Decrypter } = await importAge("--identity");
  const decrypter = new Decrypter();
  const lines = (await readIdentity(path)).split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw notAnIdentity();
  for (const line of lines) {
    try {
      decrypter.addIdentity(line);
    } catch {
      throw notAnIdentity();
    }
  }
  return async (bytes) => {
    try {
      return await decrypter.decrypt(bytes);
    } catch (error) {
      throw new ConfigError("--identity doesn't open this backup", { cause: error });
    }
  };
}

async function readIdentity(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") throw new ConfigError(`--identity: there is no file ${path}`);
    throw toStorageError(error, `read ${path}`);
  }
}

/** The line may be a secret, so it isn't repeated. */
function notAnIdentity(): ConfigError {
  return new ConfigError("--identity must name a file with an identity of age (AGE-SECRET-KEY-1…)");
}

async function importAge(option: string): Promise<typeof import("age-encryption")> {
  try {
    return await import("age-encryption");
  } catch (error) {
    throw new ConfigError(`${option} needs the package age-encryption: npm install age-encryption`, { cause: error });
  }
}
