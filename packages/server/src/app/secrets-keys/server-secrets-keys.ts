import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { listSecretsHeads } from "../../database/repositories/origins.ts";
import { SealedSecrets, sealedHeadLength, sealingKeyOf } from "../../endpoints/origins/sealed-secrets.ts";
import { makeSecretsKeyFile, readSecretsKeyFile, secretsKeyFile } from "./secrets-key-file.ts";

/** The keys with which a server encrypts the secrets of origins. */
export interface ServerSecretsKeys {
  /** The keys in base64, newest first. Without any, origins with secrets are refused. */
  readonly keys: readonly string[];
  readonly facts: SecretsKeysFacts;
}

/** The facts about the keys that may be told. */
export interface SecretsKeysFacts {
  /** The file of the data folder that holds the keys, or should. Undefined where only the configuration names keys. */
  readonly file: string | undefined;
  /** Whether the server has a key to encrypt with. */
  readonly canEncrypt: boolean;
  /** The ids of keys that stored secrets were encrypted with, and that the server lacks. */
  readonly lacking: readonly string[];
}

/**
 * Finds the keys that a server uses until it ends. A server on SQLite has a file for its key, which it makes where the
 * configuration names none. It never makes one beside secrets that are stored: a new key could not open them, and would
 * hide that theirs is missing. Servers on PostgreSQL share their secrets, so a key that one of them made would not help
 * the others.
 * @throws ConfigError when the file can't be read or holds something else
 */
export async function findSecretsKeys(
  { databaseUrl, dataDir, secretsKeys }: Pick<Config, "databaseUrl" | "dataDir" | "secretsKeys">,
  reader: Connection,
  logger: Pick<Logger, "warn">,
): Promise<ServerSecretsKeys> {
  const sealing = (await listSecretsHeads(reader, sealedHeadLength)).map(sealingKeyOf);
  const hasFile = secretsKeys.length === 0 && databaseUrl === undefined;
  const keys = hasFile ? await keysOfFile(dataDir, sealing.length === 0, logger) : secretsKeys;
  const box = new SealedSecrets(keys);
  const lacking = sealing.filter((id) => !box.has(id));
  const file = hasFile ? secretsKeyFile(dataDir) : undefined;
  if (lacking.length > 0) {
    logger.warn(
      { lacking, file },
      "origins have secrets that this server can't open: give it the keys with these ids, by --secrets-key or by the file",
    );
  }
  return { keys, facts: { file, canEncrypt: box.canSeal, lacking } };
}

async function keysOfFile(dataDir: string, mayMake: boolean, logger: Pick<Logger, "warn">): Promise<readonly string[]> {
  const kept = await readSecretsKeyFile(dataDir);
  if (kept !== undefined || !mayMake) return kept ?? [];
  try {
    await makeSecretsKeyFile(dataDir);
  } catch (err) {
    // A full disk must not keep a server from starting, which may be needed to free it.
    logger.warn({ err }, "the key for the secrets of origins could not be stored, so such origins are refused");
    return [];
  }
  return (await readSecretsKeyFile(dataDir)) ?? [];
}
