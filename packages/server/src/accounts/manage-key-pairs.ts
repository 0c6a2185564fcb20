import { SluiceError } from "@sluice/protocol";
import type { CreatedKeyPair, KeyPairObject } from "@sluice/protocol/schemas";
import type { Connection, Database } from "../database/database.ts";
import { lockAccount } from "../database/repositories/accounts.ts";
import {
  hasEnded,
  type KeyPairRow,
  listActiveKeyPairs,
  listFullKeyPairs,
  lockKeyPair,
  revokeKeyPairRow,
  setKeyPairExpiry,
  setKeyPairsUsed,
} from "../database/repositories/key-pairs.ts";
import { addKeyPair, type KeyPairFacts } from "./account-transactions.ts";
import { generateKeyPair, type KeyPair } from "./key-pair.ts";

export interface KeyPairDeps {
  readonly database: Database;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Lists the pairs that have not ended, without their private keys. */
export async function listKeyPairs({ database, now }: KeyPairDeps, accountId: string): Promise<KeyPairObject[]> {
  return (await listActiveKeyPairs(database.reader, accountId, now())).map(keyPairObject);
}

/** @throws SluiceError TOO_MANY_KEY_PAIRS */
export async function addKeyPairWith(
  { database, now }: KeyPairDeps,
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
  { database, now }: KeyPairDeps,
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
export async function revokePair({ database, now }: KeyPairDeps, accountId: string, id: string): Promise<void> {
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

/** The maximum number of an account's key pairs that have not ended. Each signature of a URL is held against them. */
export const maxKeyPairs = 100;

type AccountNamed = { readonly id: string } | { readonly imagekit_id: string };
type PairNamed = { readonly id: string } | { readonly public_key: string };

/** Adds a pair with a role to the account. */
export async function createKeyPair(
  connection: Connection,
  input: {
    readonly account: AccountNamed;
    readonly pair: KeyPair;
    readonly rights: KeyPairFacts;
    readonly now: number;
  },
): Promise<{ readonly outcome: "created"; readonly id: string } | { readonly outcome: "no account" | "too many" }> {
  const account = await lockAccount(connection, input.account);
  if (account === undefined) return { outcome: "no account" };
  if (!(await hasRoom(connection, account.id, input.now))) return { outcome: "too many" };
  const id = await addKeyPair(connection, account.id, input.pair, "generated", input.now, input.rights);
  return { outcome: "created", id };
}

interface RotateKeyPairInput {
  readonly imagekitId: string;
  readonly pair: KeyPair;
  readonly graceMs: number;
  readonly now: number;
  /** The restricted pairs end as well. */
  readonly all?: boolean;
}

/** A pair that a change has given an end. */
export interface EndedPair {
  readonly publicKey: string;
  /** The end of the validity in Unix milliseconds. */
  readonly validUntil: number;
}

/**
 * Gives the account a new pair that may do everything. Its earlier pairs of that kind end when their grace does. Without
 * a grace they are revoked.
 */
export async function rotateKeyPair(
  connection: Connection,
  { imagekitId, pair, graceMs, now, all = false }: RotateKeyPairInput,
): Promise<
  | { readonly outcome: "rotated"; readonly ended: readonly EndedPair[] }
  | { readonly outcome: "no account" | "too many" }
> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  if (account === undefined) return { outcome: "no account" };
  // Without a grace, the new pair takes the place of one that ends now.
  if (graceMs > 0 && !(await hasRoom(connection, account.id, now))) return { outcome: "too many" };
  const list = all ? listActiveKeyPairs : listFullKeyPairs;
  const earlier = (await list(connection, account.id, now)).sort((one, other) => (one.id < other.id ? -1 : 1));
  const ended: EndedPair[] = [];
  for (const one of earlier) ended.push(await endPair(connection, one, graceMs, now));
  await addKeyPair(connection, account.id, pair, "generated", now);
  return { outcome: "rotated", ended };
}

/**
 * Gives one pair a successor with the same role and name. The pair ends when its grace does. A pair that has an end
 * already has no other successor, so that its holder can't make any number of pairs.
 */
export async function replaceKeyPair(
  connection: Connection,
  input: {
    readonly account: AccountNamed;
    readonly replaced: PairNamed;
    readonly pair: KeyPair;
    readonly graceMs: number;
    readonly now: number;
  },
): Promise<
  | { readonly outcome: "replaced"; readonly id: string; readonly ended: EndedPair }
  | { readonly outcome: "no account" | "no such pair" | "configured" | "ending" | "too many" }
> {
  const { now } = input;
  const account = await lockAccount(connection, input.account);
  if (account === undefined) return { outcome: "no account" };
  const earlier = await lockKeyPair(connection, account.id, input.replaced);
  if (earlier === undefined || hasEnded(earlier, now)) return { outcome: "no such pair" };
  if (isConfigured(earlier)) return { outcome: "configured" };
  if (earlier.expires_at !== null) return { outcome: "ending" };
  if (input.graceMs > 0 && !(await hasRoom(connection, account.id, now))) return { outcome: "too many" };
  const ended = await endPair(connection, earlier, input.graceMs, now);
  const rights = { role: earlier.role, mayOverwrite: earlier.may_overwrite === 1, name: earlier.name };
  const id = await addKeyPair(connection, account.id, input.pair, "generated", now, rights);
  return { outcome: "replaced", id, ended };
}

/**
 * Ends a pair at once. What was begun with it and is not committed yet never will be: an upload holds its pair when it
 * is committed. The account keeps a pair without an end that may do everything, and so does its configuration.
 */
export async function revokeKeyPair(
  connection: Connection,
  input: { readonly account: AccountNamed; readonly revoked: PairNamed; readonly now: number },
): Promise<"revoked" | "no account" | "no such pair" | "last" | "configured"> {
  const { now } = input;
  const account = await lockAccount(connection, input.account);
  if (account === undefined) return "no account";
  const pair = await lockKeyPair(connection, account.id, input.revoked);
  if (pair === undefined || hasEnded(pair, now)) return "no such pair";
  if (isConfigured(pair)) return "configured";
  const lasting = (await listFullKeyPairs(connection, account.id, now)).filter(({ expires_at }) => expires_at === null);
  if (lasting.length === 1 && lasting[0]?.id === pair.id) return "last";
  await revokeKeyPairRow(connection, pair, now);
  return "revoked";
}

/** Records that pairs were used on a day. */
export async function recordKeyUses(
  connection: Connection,
  { ids, day }: { readonly ids: readonly string[]; readonly day: string },
): Promise<void> {
  await setKeyPairsUsed(connection, ids, day);
}

/** Whether the account may have one more pair. The account is locked. */
async function hasRoom(connection: Connection, accountId: string, now: number): Promise<boolean> {
  return (await listActiveKeyPairs(connection, accountId, now)).length < maxKeyPairs;
}

/** Ends a pair after its grace, or when it would have ended anyway. */
async function endPair(connection: Connection, pair: KeyPairRow, graceMs: number, now: number): Promise<EndedPair> {
  const end = now + graceMs;
  if (graceMs === 0) {
    await lockKeyPair(connection, pair.account_id, { id: pair.id });
    await revokeKeyPairRow(connection, pair, now);
  } else if (pair.expires_at === null || pair.expires_at > end) {
    await setKeyPairExpiry(connection, pair.id, end);
  }
  return { publicKey: pair.public_key, validUntil: Math.min(pair.expires_at ?? end, end) };
}

/** Whether the servers' configuration names the pair: a start would only bring it back. */
function isConfigured({ origin, expires_at: end }: KeyPairRow): boolean {
  return origin === "configured" && end === null;
}
