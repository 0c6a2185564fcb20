import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { KeyPair } from "../accounts/key-pair.ts";
import { ConfigError } from "../config/config-error.ts";
import { toStorageError } from "../storage/storage-error.ts";

/**
 * The path at which the data folder keeps the secret of this name.
 * @throws ConfigError for a name that leads elsewhere, as an account of a forged backup may have it
 */
function secretFile(dataDir: string, name: string): string {
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

/** Each account has one file for its newest private key, so that a new key takes the place of the one before. */
function fileName(imagekitId: string): string {
  return `private-key-${imagekitId}`;
}

/** The file beside it holds the public key of the same pair, so that scripts read two keys that belong together. */
function publicFileName(imagekitId: string): string {
  return `public-key-${imagekitId}`;
}

/** The names, without their ending, of the files that hold the account's newest pair. */
export function keyPairFiles(imagekitId: string): string[] {
  return [fileName(imagekitId), publicFileName(imagekitId)];
}

/** Stores the account's newly made pair. @returns the path of the private key's file @throws StorageError */
export async function keepKeyPair(dataDir: string, imagekitId: string, pair: KeyPair): Promise<string> {
  const path = await writeSecretFile(dataDir, fileName(imagekitId), pair.privateKey);
  await writeSecretFile(dataDir, publicFileName(imagekitId), pair.publicKey);
  return path;
}

/** Stores the private key of a pair beside the account's main one. @returns the file's path @throws StorageError */
export function keepFurtherPrivateKey(dataDir: string, imagekitId: string, pair: KeyPair): Promise<string> {
  return writeSecretFile(dataDir, furtherFileName(imagekitId, pair), pair.privateKey);
}

function furtherFileName(imagekitId: string, { publicKey }: Pick<KeyPair, "publicKey">): string {
  return `${fileName(imagekitId)}.${publicKey}`;
}

/** @returns the names, without their ending, of the files that `keepFurtherPrivateKey` has written for the account */
export async function furtherPrivateKeyFiles(dataDir: string, imagekitId: string): Promise<string[]> {
  const names = await readdir(dataDir).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${fileName(imagekitId)}.`) && name.endsWith(".txt"))
    .map((name) => name.slice(0, -".txt".length));
}

/**
 * Says where the account's private key is, without the key itself. The public key is put beside a private key that an
 * earlier version, or a crash, has left alone.
 */
export async function locatePrivateKey(dataDir: string, imagekitId: string, pair: KeyPair): Promise<string> {
  const { publicKey, privateKey } = pair;
  const path = secretFile(dataDir, fileName(imagekitId));
  const kept = await read(path);
  if (kept === privateKey) {
    if ((await read(secretFile(dataDir, publicFileName(imagekitId)))) !== publicKey) {
      await writeSecretFile(dataDir, publicFileName(imagekitId), publicKey).catch(() => undefined);
    }
    return `in ${path}`;
  }
  const further = secretFile(dataDir, furtherFileName(imagekitId, pair));
  if ((await read(further)) === privateKey) return `in ${further}`;
  // The key works wherever it is kept: the file may have been moved into a store of secrets, another node may have made
  // the key, or the library may have been restored from a backup, which has no such files.
  const problem = kept === undefined ? `there is no ${path}` : `${path} holds another key`;
  return `kept elsewhere: ${problem}. It works on; if it is lost, sluice account rotate-key ${imagekitId} makes a new one`;
}

async function read(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text?.trim();
}

/** Sets the variables that the examples of docs/getting-started.md read. */
export function exportCommand({ publicKey, privateKey }: KeyPair): string {
  return `export PUBLIC_KEY=${publicKey} PRIVATE_KEY=${privateKey}`;
}
