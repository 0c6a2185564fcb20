import { type Connection, Rollback } from "../database/database.ts";
import { insertAccount, lockAccount, updateAccount } from "../database/repositories/accounts.ts";
import { insertRootFolder } from "../database/repositories/folders.ts";
import {
  findKeyPair,
  insertKeyPair,
  listActiveKeyPairs,
  setKeyPairExpiry,
  setKeyPairOrigin,
} from "../database/repositories/key-pairs.ts";
import type { KeyPairsTable } from "../database/schema.ts";
import { newId } from "../id.ts";
import { addSwitches, type DeliverySwitches } from "./delivery-switches.ts";
import { hashPrivateKey, type KeyPair } from "./key-pair.ts";

/** Makes an account with its first key pair. */
export async function createAccount(
  connection: Connection,
  input: { readonly imagekitId: string; readonly pair: KeyPair; readonly now: number },
): Promise<"created" | "exists"> {
  const accountId = await addAccount(connection, input.imagekitId, input.now);
  if (accountId === undefined) return "exists";
  await addKeyPair(connection, accountId, input.pair, "generated", input.now);
  return "created";
}

/** Gives the account a new pair; the pairs it has end when their grace does. */
export async function rotateKeyPair(
  connection: Connection,
  input: { readonly imagekitId: string; readonly pair: KeyPair; readonly graceMs: number; readonly now: number },
): Promise<"rotated" | "no account"> {
  const account = await lockAccount(connection, { imagekit_id: input.imagekitId });
  if (account === undefined) return "no account";
  const end = input.now + input.graceMs;
  for (const pair of await listActiveKeyPairs(connection, account.id, input.now)) {
    if (pair.expires_at === null || pair.expires_at > end) await setKeyPairExpiry(connection, pair.id, end);
  }
  await addKeyPair(connection, account.id, input.pair, "generated", input.now);
  return "rotated";
}

export interface AccountChanges {
  /** Whether the account takes uploads with a V1 signature. */
  readonly v1Uploads?: boolean;
  /** Bytes; 0 for no limit, null for the server's own. */
  readonly storageLimit?: number | null;
  readonly delivery?: Partial<DeliverySwitches>;
}

/** Changes what an account allows, and how it delivers; what isn't named stays as it is. */
export async function setAccount(
  connection: Connection,
  input: { readonly imagekitId: string; readonly changes: AccountChanges },
): Promise<"set" | "no account"> {
  const account = await lockAccount(connection, { imagekit_id: input.imagekitId });
  if (account === undefined) return "no account";
  const { v1Uploads, storageLimit, delivery } = input.changes;
  await updateAccount(connection, account.id, {
    ...(v1Uploads !== undefined && { v1_uploads: v1Uploads ? 1 : 0 }),
    ...(storageLimit !== undefined && { storage_limit: storageLimit }),
    ...(delivery !== undefined && { delivery_switches: addSwitches(account.delivery_switches, delivery) }),
  });
  return "set";
}

export interface PrepareAccountInput {
  readonly imagekitId: string;
  /** The pair given by flag, which becomes the one configured pair; an earlier configured one stops at once. */
  readonly configured?: KeyPair;
  /** Used when the account would otherwise have no key pair. */
  readonly spare: KeyPair;
  readonly now: number;
}

export type PrepareAccountOutcome =
  | { readonly publicKey: string; readonly madeSpare: boolean }
  | { readonly problem: "the public key belongs to another pair" | "the private key belongs to another pair" };

/** At start: the account that the configuration names exists and has a key pair. */
export async function prepareAccount(
  connection: Connection,
  input: PrepareAccountInput,
): Promise<PrepareAccountOutcome> {
  const { imagekitId, configured, spare, now } = input;
  const accountId = await claimAccount(connection, imagekitId, now);
  if (configured !== undefined) {
    await configurePair(connection, accountId, configured, now);
    return { publicKey: configured.publicKey, madeSpare: false };
  }
  const [active] = await listActiveKeyPairs(connection, accountId, now);
  if (active !== undefined) return { publicKey: active.public_key, madeSpare: false };
  await addKeyPair(connection, accountId, spare, "generated", now);
  return { publicKey: spare.publicKey, madeSpare: true };
}

async function configurePair(connection: Connection, accountId: string, pair: KeyPair, now: number): Promise<void> {
  const byPrivate = await findKeyPair(connection, { private_key_hash: hashPrivateKey(pair.privateKey) });
  const byPublic = await findKeyPair(connection, { public_key: pair.publicKey });
  for (const active of await listActiveKeyPairs(connection, accountId, now)) {
    if (active.origin === "configured" && active.id !== byPublic?.id)
      await setKeyPairExpiry(connection, active.id, now);
  }
  if (byPublic === undefined && byPrivate === undefined) {
    await addKeyPair(connection, accountId, pair, "configured", now);
    return;
  }
  if (byPublic === undefined || byPublic.account_id !== accountId || byPublic.private_key !== pair.privateKey) {
    const problem = byPublic === undefined ? "the private key" : "the public key";
    throw new Rollback({ problem: `${problem} belongs to another pair` });
  }
  await setKeyPairExpiry(connection, byPublic.id, null);
  await setKeyPairOrigin(connection, byPublic.id, "configured");
}

/** Locks the account, or makes it: of several nodes that start at once, one does. */
async function claimAccount(connection: Connection, imagekitId: string, now: number): Promise<string> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  const id = account?.id ?? (await addAccount(connection, imagekitId, now));
  if (id !== undefined) return id;
  const made = await lockAccount(connection, { imagekit_id: imagekitId });
  if (made === undefined) throw new Error("an account vanished while it was being made");
  return made.id;
}

/** @returns undefined when there is one already */
async function addAccount(connection: Connection, imagekitId: string, now: number): Promise<string | undefined> {
  const id = newId(now);
  const isNew = await insertAccount(connection, { id, imagekit_id: imagekitId, status: "active", created_at: now });
  if (!isNew) return undefined;
  await insertRootFolder(connection, id, now);
  return id;
}

async function addKeyPair(
  connection: Connection,
  accountId: string,
  pair: KeyPair,
  origin: KeyPairsTable["origin"],
  now: number,
): Promise<void> {
  await insertKeyPair(connection, {
    id: newId(now),
    account_id: accountId,
    public_key: pair.publicKey,
    private_key: pair.privateKey,
    private_key_hash: hashPrivateKey(pair.privateKey),
    origin,
    created_at: now,
    expires_at: null,
  });
}
