import { readdir, readFile } from "node:fs/promises";
import type { KeyPair } from "../accounts/key-pair.ts";
import { secretFile, writeSecretFile } from "./secret-file.ts";

/** Each account has one file for its newest private key, so that a new key takes the place of the one before. */
function fileName(imagekitId: string): string {
  return `private-key-${imagekitId}`;
}

/** Stores the account's newly made private key. @returns the file's path @throws StorageError */
export function keepPrivateKey(dataDir: string, imagekitId: string, privateKey: string): Promise<string> {
  return writeSecretFile(dataDir, fileName(imagekitId), privateKey);
}

/** Stores the private key of a pair beside the account's main one. @returns the file's path @throws StorageError */
export function keepFurtherPrivateKey(dataDir: string, imagekitId: string, pair: KeyPair): Promise<string> {
  return writeSecretFile(dataDir, `${fileName(imagekitId)}.${pair.publicKey}`, pair.privateKey);
}

/** @returns the names, without their ending, of the files that `keepFurtherPrivateKey` has written for the account */
export async function furtherPrivateKeyFiles(dataDir: string, imagekitId: string): Promise<string[]> {
  const names = await readdir(dataDir).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${fileName(imagekitId)}.`) && name.endsWith(".txt"))
    .map((name) => name.slice(0, -".txt".length));
}

/** Says where the account's private key is, without the key itself. */
export async function locatePrivateKey(dataDir: string, imagekitId: string, privateKey: string): Promise<string> {
  const path = secretFile(dataDir, fileName(imagekitId));
  const kept = await readFile(path, "utf8").catch(() => undefined);
  if (kept?.trim() === privateKey) return `in ${path}`;
  // The file may have been moved away, or another node may have made the key.
  const problem = kept === undefined ? `not in ${path}` : `not in ${path}, which holds another key`;
  return `${problem}; sluice account rotate-key ${imagekitId} makes a new one`;
}

/** Sets the variables that the examples of docs/getting-started.md read. */
export function exportCommand({ publicKey, privateKey }: KeyPair): string {
  return `export PUBLIC_KEY=${publicKey} PRIVATE_KEY=${privateKey}`;
}
