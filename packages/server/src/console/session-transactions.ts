import type { ConsoleRole } from "../accounts/key-roles.ts";
import type { Connection } from "../database/database.ts";
import { lockAccount } from "../database/repositories/accounts.ts";
import {
  deleteConsoleLink,
  deleteConsoleSession,
  findConsoleLink,
  forgetConsoleRows,
  insertConsoleLink,
  insertConsoleSession,
  type SessionTimes,
  touchConsoleSessionRow,
} from "../database/repositories/console-sessions.ts";
import { listFullKeyPairs } from "../database/repositories/key-pairs.ts";

/**
 * The sessions that a key pair keeps. A further one replaces that of the same pair which was not used for the longest
 * time: whoever has a key that may only read can end nobody else's session by signing in.
 */
export const maxConsoleSessions = 100;

/** The facts about a session that is to begin. */
export interface SessionBeginning extends SessionTimes {
  readonly id: string;
  readonly tokenHash: Uint8Array;
  readonly client: string;
  readonly sessionMs: number;
}

/** Begins a session that stands for a key pair. @returns false where the account is not active any more */
export async function beginConsoleSession(
  connection: Connection,
  input: SessionBeginning & { readonly accountId: string; readonly keyPairId: string; readonly role: ConsoleRole },
): Promise<boolean> {
  const account = await lockAccount(connection, { id: input.accountId });
  if (account?.status !== "active") return false;
  await begin(connection, input);
  return true;
}

beginConsoleSession.makesRoom = true;

/**
 * Uses a link up and begins its session, which stands for the account's newest key pair that may do everything.
 * @returns false where the link has been used, or its time is over; also where the account has no such pair, and the
 *   link stays
 */
export async function redeemConsoleLink(
  connection: Connection,
  { hash, ...input }: SessionBeginning & { readonly hash: Uint8Array },
): Promise<boolean> {
  const link = await findConsoleLink(connection, hash, input.now);
  if (link === undefined) return false;
  const account = await lockAccount(connection, { id: link.account_id });
  if (account?.status !== "active") return false;
  const [pair] = await listFullKeyPairs(connection, account.id, input.now);
  if (pair === undefined || !(await deleteConsoleLink(connection, hash))) return false;
  await begin(connection, { ...input, accountId: account.id, keyPairId: pair.id, role: link.role });
  return true;
}

redeemConsoleLink.makesRoom = true;

async function begin(
  connection: Connection,
  input: SessionBeginning & { readonly accountId: string; readonly keyPairId: string; readonly role: ConsoleRole },
): Promise<void> {
  const { id, accountId, tokenHash, keyPairId, role, client, now, idleMs, sessionMs } = input;
  await forgetConsoleRows(connection, { accountId, keyPairId, now, idleMs, keep: maxConsoleSessions - 1 });
  const facts = { id, account_id: accountId, token_hash: tokenHash, key_pair_id: keyPairId, role, client };
  await insertConsoleSession(connection, { ...facts, now, sessionMs });
}

/** Makes a link for the account. @returns false where there is no such account that is active */
export async function createConsoleLink(
  connection: Connection,
  input: {
    readonly imagekitId: string;
    readonly hash: Uint8Array;
    readonly role: ConsoleRole;
    readonly now: number;
    readonly lifeMs: number;
  },
): Promise<boolean> {
  const { imagekitId, hash, role, now, lifeMs } = input;
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  if (account?.status !== "active") return false;
  await insertConsoleLink(connection, { hash, account_id: account.id, role, now, lifeMs });
  return true;
}

createConsoleLink.makesRoom = true;

export async function touchConsoleSession(
  connection: Connection,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<void> {
  await touchConsoleSessionRow(connection, id, now);
}

touchConsoleSession.makesRoom = true;

/** @returns whether there was such a session */
export async function endConsoleSession(
  connection: Connection,
  by: { readonly tokenHash: Uint8Array } | { readonly accountId: string; readonly id: string },
): Promise<boolean> {
  return deleteConsoleSession(connection, by);
}

endConsoleSession.makesRoom = true;
