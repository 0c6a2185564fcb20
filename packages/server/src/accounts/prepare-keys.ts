import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { findKeyPair } from "../database/repositories/key-pairs.ts";
import type { SluiceDatabase } from "../transactions.ts";
import { generateKeyPair, type KeyPair } from "./key-pair.ts";

export interface PreparedKeys {
  /** The configured pair, or the account's newest. */
  readonly keys: KeyPair;
  /** Whether the pair was made just now: its private key has not been shown to anybody yet. */
  readonly keysAreNew: boolean;
}

/**
 * Makes the account when it isn't there, and a pair when it has none.
 * @throws ConfigError when the configured pair can't be used
 */
export async function prepareKeys(
  database: SluiceDatabase,
  { imagekitId, keyPair }: Pick<Config, "imagekitId" | "keyPair">,
): Promise<PreparedKeys> {
  const outcome = await database.run("prepareAccount", {
    imagekitId,
    ...(keyPair === undefined ? {} : { configured: keyPair }),
    spare: generateKeyPair(),
    now: Date.now(),
  });
  if ("problem" in outcome) throw new ConfigError(`--public-key and --private-key: ${outcome.problem}`);
  const pair = await findKeyPair(database.reader, { public_key: outcome.publicKey });
  if (pair === undefined) throw new Error("the account has no key pair");
  return { keys: { publicKey: pair.public_key, privateKey: pair.private_key }, keysAreNew: outcome.madeSpare };
}
