import type { Connection } from "../database/database.ts";
import { insertAccount, lockAccount, updateAccount } from "../database/repositories/accounts.ts";
import { insertRootFolder } from "../database/repositories/folders.ts";
import { insertKeyPair, listFullKeyPairs } from "../database/repositories/key-pairs.ts";
import type { KeyPairsTable } from "../database/schema.ts";
import { newId } from "../text/id.ts";
import { addSwitches, keepFormerSwitches, newAccountSwitches, type SwitchChanges } from "./delivery-switches.ts";
import { hashPrivateKey, type KeyPair } from "./key-pair.ts";
import { fullRights, type KeyRights } from "./key-roles.ts";

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

export interface AccountChanges {
  /** Whether the account takes uploads with a V1 signature. */
  readonly v1Uploads?: boolean;
  /** The limit in bytes; 0 for no limit, null for the server's own limit. */
  readonly storageLimit?: number | null;
  readonly delivery?: SwitchChanges;
}

/** Changes what an active account allows, and how it delivers. Anything that is not named stays as it is. */
export async function setAccount(
  connection: Connection,
  input: { readonly imagekitId: string; readonly changes: AccountChanges },
): Promise<"set" | "no account" | "account disabled"> {
  const account = await lockAccount(connection, { imagekit_id: input.imagekitId });
  if (account === undefined) return "no account";
  if (account.status !== "active") return "account disabled";
  const { v1Uploads, storageLimit, delivery } = input.changes;
  await updateAccount(connection, account.id, {
    ...(v1Uploads !== undefined && { v1_uploads: v1Uploads ? 1 : 0 }),
    ...(storageLimit !== undefined && { storage_limit: storageLimit }),
    ...(delivery !== undefined && { delivery_switches: addSwitches(account.delivery_switches, delivery) }),
  });
  return "set";
}

/**
 * Stores with an active account that an earlier version has made what it keeps of that version's defaults.
 * @returns whether something was stored, which happens once
 */
export async function keepFormerDefaults(connection: Connection, input: { readonly id: string }): Promise<boolean> {
  const account = await lockAccount(connection, input);
  if (account?.status !== "active") return false;
  const switches = keepFormerSwitches(account.delivery_switches);
  if (switches === undefined) return false;
  await updateAccount(connection, account.id, { delivery_switches: switches });
  return true;
}

export interface PreparedAccount {
  /** The account's newest pair without an end; undefined when there is none. */
  readonly keys: KeyPair | undefined;
  readonly madeSpare: boolean;
}

/**
 * Makes sure that the account exists, and that it has a key pair without an end when a spare pair is given. Changes
 * nothing that is there.
 */
export async function prepareAccount(
  connection: Connection,
  input: { readonly imagekitId: string; readonly spare?: KeyPair; readonly now: number },
): Promise<PreparedAccount> {
  const accountId = await claimAccount(connection, input.imagekitId, input.now);
  return ensureKeyPair(connection, accountId, input.spare, input.now);
}

prepareAccount.makesRoom = true;

/** @param spare added when the account has no pair without an end that may do everything */
export async function ensureKeyPair(
  connection: Connection,
  accountId: string,
  spare: KeyPair | undefined,
  now: number,
): Promise<PreparedAccount> {
  const lasting = (await listFullKeyPairs(connection, accountId, now)).find((pair) => pair.expires_at === null);
  if (lasting !== undefined) {
    return { keys: { publicKey: lasting.public_key, privateKey: lasting.private_key }, madeSpare: false };
  }
  if (spare === undefined) return { keys: undefined, madeSpare: false };
  await addKeyPair(connection, accountId, spare, "generated", now);
  return { keys: spare, madeSpare: true };
}

/** Locks the account, or makes it. Of several nodes that start at once, one makes it. */
export async function claimAccount(connection: Connection, imagekitId: string, now: number): Promise<string> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  const id = account?.id ?? (await addAccount(connection, imagekitId, now));
  if (id !== undefined) return id;
  const made = await lockAccount(connection, { imagekit_id: imagekitId });
  if (made === undefined) throw new Error("an account vanished while it was being made");
  return made.id;
}

/** @returns undefined when the account exists already */
async function addAccount(connection: Connection, imagekitId: string, now: number): Promise<string | undefined> {
  const id = newId(now);
  const isNew = await insertAccount(connection, {
    id,
    imagekit_id: imagekitId,
    status: "active",
    delivery_switches: newAccountSwitches,
    created_at: now,
  });
  if (!isNew) return undefined;
  await insertRootFolder(connection, id, now);
  return id;
}

/** What a pair may do, and the name that people give to it. */
export interface KeyPairFacts extends KeyRights {
  readonly name?: string | null;
}

/** Adds a pair that has no end yet. @returns its id */
export async function addKeyPair(
  connection: Connection,
  accountId: string,
  pair: KeyPair,
  origin: KeyPairsTable["origin"],
  now: number,
  { role, mayOverwrite, name = null }: KeyPairFacts = fullRights,
): Promise<string> {
  const id = newId(now);
  await insertKeyPair(connection, {
    id,
    account_id: accountId,
    public_key: pair.publicKey,
    private_key: pair.privateKey,
    private_key_hash: hashPrivateKey(pair.privateKey),
    origin,
    role,
    may_overwrite: mayOverwrite ? 1 : 0,
    name,
    created_at: now,
    expires_at: null,
  });
  return id;
}
