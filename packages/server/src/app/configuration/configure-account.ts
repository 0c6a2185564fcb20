import { addKeyPair, claimAccount, ensureKeyPair } from "../../accounts/account-transactions.ts";
import { hashPrivateKey, type KeyPair } from "../../accounts/key-pair.ts";
import type { EndedPair } from "../../accounts/manage-key-pairs.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import {
  findKeyPair,
  listActiveKeyPairs,
  renewKeyPair,
  setKeyPairExpiry,
  setKeyPairOrigin,
} from "../../database/repositories/key-pairs.ts";
import { configureWebhook } from "../../events/webhook-transactions.ts";

/**
 * Nodes that are restarted one after another still use the earlier pair meanwhile, and so do the backends that mint.
 */
const graceMs = 60 * 60 * 1000;

export interface ConfigureAccountInput {
  readonly imagekitId: string;
  /** The pair that the configuration names. Without one the account has no configured pair from now on. */
  readonly pair?: KeyPair;
  /** Used when the account would otherwise have no pair without an end. */
  readonly spare: KeyPair;
  /** Without a URL the account has no configured endpoint from now on. */
  readonly webhook: { readonly url?: string; readonly secret?: string };
  /** Used when an endpoint is made and no secret is given. */
  readonly spareSecret: string;
  readonly now: number;
}

export type ConfigureAccountOutcome =
  | {
      /** The named pair, or the account's newest pair without an end. */
      readonly keys: KeyPair;
      readonly madeSpare: boolean;
      /** The configured pairs that the configuration no longer names. */
      readonly ended: readonly EndedPair[];
      /** Whether the named pair had an end, such as that of a rotation's grace, and has none any more. */
      readonly renewed: boolean;
      readonly madeSecret: boolean;
    }
  | {
      readonly problem:
        | "the public key belongs to another pair"
        | "the private key belongs to another pair"
        | "the pair is restricted by its role";
    };

/**
 * Puts the configuration of a server's account in force, and makes the account where it is missing. All of it is one
 * transaction, the last step of a start, so that a start that fails leaves the keys and the endpoint of a running
 * server alone.
 */
export async function configureAccount(
  connection: Connection,
  input: ConfigureAccountInput,
): Promise<ConfigureAccountOutcome> {
  const { imagekitId, pair, spare, webhook, spareSecret, now } = input;
  const accountId = await claimAccount(connection, imagekitId, now);
  const ended = await endOtherConfiguredPairs(connection, accountId, pair, now);
  const renewed = pair !== undefined && (await putInForce(connection, accountId, pair, now));
  const prepared = pair === undefined ? await ensureKeyPair(connection, accountId, spare, now) : undefined;
  const { madeSecret } = await configureWebhook(connection, { imagekitId, ...webhook, spare: spareSecret, now });
  return { keys: prepared?.keys ?? pair ?? spare, madeSpare: prepared?.madeSpare ?? false, ended, renewed, madeSecret };
}

configureAccount.makesRoom = true;

/**
 * Ends the configured pairs that the configuration no longer names. A pair that has an end already, by a rotation or an
 * earlier start, keeps it: restarts never prolong a grace.
 */
async function endOtherConfiguredPairs(
  connection: Connection,
  accountId: string,
  pair: KeyPair | undefined,
  now: number,
): Promise<EndedPair[]> {
  const ended: EndedPair[] = [];
  for (const active of await listActiveKeyPairs(connection, accountId, now)) {
    const { id, origin, expires_at: end, public_key: publicKey } = active;
    if (origin !== "configured" || end !== null || publicKey === pair?.publicKey) continue;
    const validUntil = now + graceMs;
    await setKeyPairExpiry(connection, id, validUntil);
    ended.push({ publicKey, validUntil });
  }
  return ended;
}

/** @returns whether the pair had an end, which is removed */
async function putInForce(connection: Connection, accountId: string, pair: KeyPair, now: number): Promise<boolean> {
  const byPrivate = await findKeyPair(connection, { private_key_hash: hashPrivateKey(pair.privateKey) });
  const byPublic = await findKeyPair(connection, { public_key: pair.publicKey });
  if (byPublic === undefined && byPrivate === undefined) {
    await addKeyPair(connection, accountId, pair, "configured", now);
    return false;
  }
  if (byPublic === undefined || byPublic.account_id !== accountId || byPublic.private_key !== pair.privateKey) {
    const problem = byPublic === undefined ? "the private key" : "the public key";
    throw new Rollback({ problem: `${problem} belongs to another pair` });
  }
  if (byPublic.role !== "full") throw new Rollback({ problem: "the pair is restricted by its role" });
  await renewKeyPair(connection, byPublic.id);
  await setKeyPairOrigin(connection, byPublic.id, "configured");
  return byPublic.expires_at !== null;
}
