import { readFile } from "node:fs/promises";
import { sluiceInHost } from "./program-in-host.ts";

export interface Account {
  readonly imagekitId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  /** The account's Authorization header. */
  readonly authorization: string;
}

/** Creates a further account while the server runs, as an operator would. */
export function createAccount(dataDir: string, imagekitId: string): Promise<Account> {
  return newKeys(dataDir, imagekitId, ["account", "create", imagekitId]);
}

/** Gives an account a new key pair. The old pairs stay valid for the grace period. */
export function rotateKey(dataDir: string, imagekitId: string, grace: string): Promise<Account> {
  return newKeys(dataDir, imagekitId, ["account", "rotate-key", imagekitId, "--grace", grace]);
}

/** Gives an account one more key pair, with a role. */
export function createKey(dataDir: string, imagekitId: string, role: string, ...flags: string[]): Promise<Account> {
  return newKeys(dataDir, imagekitId, ["account", "create-key", imagekitId, "--role", role, ...flags]);
}

async function newKeys(dataDir: string, imagekitId: string, command: readonly string[]): Promise<Account> {
  const { code, stdout, stderr } = await sluiceInHost([...command, "--data-dir", dataDir]);
  if (code !== 0) throw new Error(`sluice ${command.join(" ")} ended with ${code}: ${stderr}`);
  const publicKey = /^public key\s+(\S+)$/m.exec(stdout)?.[1];
  const path = /^private key\s+in (.+)$/m.exec(stdout)?.[1];
  if (publicKey === undefined || path === undefined) throw new Error(`no keys in what was printed:\n${stdout}`);
  const privateKey = (await readFile(path, "utf8")).trim();
  const authorization = `Basic ${Buffer.from(`${privateKey}:`).toString("base64")}`;
  return { imagekitId, publicKey, privateKey, authorization };
}
