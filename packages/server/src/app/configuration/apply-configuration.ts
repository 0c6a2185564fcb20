import type { Logger } from "pino";
import { keepFormerDefaults, prepareAccount } from "../../accounts/account-transactions.ts";
import { keepFormerSwitches } from "../../accounts/delivery-switches.ts";
import { generateKeyPair, type KeyPair } from "../../accounts/key-pair.ts";
import { findOpenAccounts, type OpenAccounts } from "../../accounts/open-accounts.ts";
import { serveRestoredLibrary } from "../../backup/restore-transactions.ts";
import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { Database } from "../../database/database.ts";
import { listAccounts } from "../../database/repositories/accounts.ts";
import { generateWebhookSecret } from "../../events/webhook-secret.ts";
import { configureAccount } from "./configure-account.ts";

export interface AppliedConfiguration {
  /** The configured pair, or the account's newest pair without an end. */
  readonly keys: KeyPair;
  /** Whether the pair was made just now, so that its private key has not been shown to anybody yet. */
  readonly keysAreNew: boolean;
  /** The configured endpoint's secret when it was made just now, so that nobody has seen it yet. */
  readonly newWebhookSecret: string | undefined;
  /**
   * Accounts that let strangers do what an operator may not expect. There are none where no stranger reaches the
   * server.
   */
  readonly openAccounts: OpenAccounts;
  /** Accounts of an earlier version that keep its defaults and have not been told of yet, by imagekitId. */
  readonly formerAccounts: readonly string[];
}

/**
 * Puts the configuration of the server's account in force, and logs what that ends. Only a server does this, once
 * nothing can stop its start any more. Commands and `sluice worker` never do.
 * @throws ConfigError when the configured pair can't be used; nothing has changed then
 */
export async function applyConfiguration(
  database: Database,
  config: Pick<Config, "host" | "imagekitId" | "keyPair" | "publicUrl" | "v1Uploads" | "webhook">,
  logger: Logger,
): Promise<AppliedConfiguration> {
  const { imagekitId, keyPair, webhook } = config;
  const spareSecret = generateWebhookSecret();
  const outcome = await database.run(configureAccount, {
    imagekitId,
    ...(keyPair !== undefined && { pair: keyPair }),
    spare: generateKeyPair(),
    webhook,
    spareSecret,
    now: Date.now(),
  });
  if ("problem" in outcome) throw new ConfigError(`--public-key and --private-key: ${outcome.problem}`);
  if (await database.run(serveRestoredLibrary, { now: Date.now() })) {
    logger.warn("the library was restored from a backup: tokens and V1 signatures from before this start are refused");
  }
  for (const { publicKey, validUntil } of outcome.ended) {
    const what = keyPair === undefined ? "no key pair any more" : "another key pair";
    const until = new Date(validUntil).toISOString();
    logger.warn(
      { publicKey, validUntil: until },
      `the configuration names ${what}: the earlier pair expires in an hour`,
    );
  }
  if (outcome.renewed) {
    const { publicKey } = outcome.keys;
    logger.warn(
      { publicKey },
      "the configuration names a key pair that was to expire: the pair is in force again, without an end",
    );
  }
  return {
    keys: outcome.keys,
    keysAreNew: outcome.madeSpare,
    newWebhookSecret: outcome.madeSecret ? spareSecret : undefined,
    openAccounts: await findOpenAccounts(database.reader, config),
    formerAccounts: await keepFormerAccounts(database),
  };
}

/** Has accounts that an earlier version has made keep its defaults. @returns those for which that was not yet stored */
async function keepFormerAccounts(database: Database): Promise<string[]> {
  const kept: string[] = [];
  for (const { id, imagekit_id: name, status, delivery_switches: stored } of await listAccounts(database.reader)) {
    if (status !== "active" || keepFormerSwitches(stored) === undefined) continue;
    if (await database.run(keepFormerDefaults, { id })) kept.push(name);
  }
  return kept;
}

/**
 * The keys that a server will have once its configuration is applied, unless they are ended before that. Makes the
 * account and its first pair where they are missing, and changes nothing that is there.
 */
export async function prepareKeys(
  database: Database,
  { imagekitId, keyPair }: Pick<Config, "imagekitId" | "keyPair">,
): Promise<Pick<AppliedConfiguration, "keys" | "keysAreNew">> {
  const spare = keyPair === undefined ? generateKeyPair() : undefined;
  const prepared = await database.run(prepareAccount, { imagekitId, ...(spare && { spare }), now: Date.now() });
  const keys = keyPair ?? prepared.keys;
  if (keys === undefined) throw new Error("the account has no key pair");
  return { keys, keysAreNew: prepared.madeSpare };
}
