import { SluiceError } from "@sluice/protocol";
import type { CreatedKeyPair, KeyPairObject } from "@sluice/protocol/schemas";
import type { Database } from "../database/database.ts";
import { type KeyPairRow, listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import type { KeyPairFacts } from "./account-transactions.ts";
import { generateKeyPair } from "./key-pair.ts";
import { createKeyPair, maxKeyPairs, replaceKeyPair, revokeKeyPair } from "./key-pair-transactions.ts";

export interface KeyPairNeeds {
  readonly database: Database;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Lists the pairs that have not ended, without their private keys. */
export async function listKeyPairs({ database, now }: KeyPairNeeds, accountId: string): Promise<KeyPairObject[]> {
  return (await listActiveKeyPairs(database.reader, accountId, now())).map(keyPairObject);
}

/** @throws SluiceError TOO_MANY_KEY_PAIRS */
export async function addKeyPairWith(
  { database, now }: KeyPairNeeds,
  accountId: string,
  rights: KeyPairFacts,
): Promise<CreatedKeyPair> {
  const pair = generateKeyPair();
  const made = await database.run(createKeyPair, { account: { id: accountId }, pair, rights, now: now() });
  if (made.outcome === "created") return { id: made.id, ...pair };
  throw refusalOf(made.outcome);
}

/** @throws SluiceError KEY_PAIR_NOT_FOUND, KEY_PAIR_CONFIGURED, KEY_PAIR_ENDING, TOO_MANY_KEY_PAIRS */
export async function rotatePair(
  { database, now }: KeyPairNeeds,
  accountId: string,
  id: string,
  graceMs: number,
): Promise<CreatedKeyPair> {
  const pair = generateKeyPair();
  const asked = { account: { id: accountId }, replaced: { id }, pair, graceMs, now: now() };
  const done = await database.run(replaceKeyPair, asked);
  if (done.outcome === "replaced") return { id: done.id, ...pair };
  throw refusalOf(done.outcome);
}

/** @throws SluiceError KEY_PAIR_NOT_FOUND, KEY_PAIR_CONFIGURED, LAST_KEY_PAIR */
export async function revokePair({ database, now }: KeyPairNeeds, accountId: string, id: string): Promise<void> {
  const outcome = await database.run(revokeKeyPair, { account: { id: accountId }, revoked: { id }, now: now() });
  if (outcome !== "revoked") throw refusalOf(outcome);
}

type Refusal = "no account" | "no such pair" | "configured" | "ending" | "last" | "too many";

function refusalOf(outcome: Refusal): SluiceError {
  switch (outcome) {
    case "no account":
      return new SluiceError("ACCOUNT_DISABLED");
    case "no such pair":
      return new SluiceError("KEY_PAIR_NOT_FOUND");
    case "configured":
      return new SluiceError("KEY_PAIR_CONFIGURED");
    case "ending":
      return new SluiceError("KEY_PAIR_ENDING");
    case "last":
      return new SluiceError("LAST_KEY_PAIR");
    case "too many":
      return new SluiceError("TOO_MANY_KEY_PAIRS", { limit: maxKeyPairs });
  }
}

function keyPairObject(row: KeyPairRow): KeyPairObject {
  return {
    id: row.id,
    publicKey: row.public_key,
    role: row.role,
    mayOverwrite: row.may_overwrite === 1,
    origin: row.origin,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    lastUsedOn: row.last_used_on,
    name: row.name,
  };
}
