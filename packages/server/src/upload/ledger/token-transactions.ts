import type { Limits } from "../../config/limits.ts";
import { earlierClock } from "../../database/clock.ts";
import type { Connection } from "../../database/database.ts";
import { deleteEarliest } from "../../database/repositories/delete-earliest.ts";
import { hasLivingSession } from "../../database/repositories/upload-sessions.ts";
import {
  abandonUsedToken,
  findUsedToken,
  insertUsedToken,
  latestExpiry,
  type TokenKey,
  type UsedToken,
  updateUsedTokenAnswer,
} from "../../database/repositories/used-tokens.ts";
import { insertUsedV1Token, latestV1Use } from "../../database/repositories/used-v1-tokens.ts";

export interface BurnTokenInput {
  readonly accountId: string;
  /**
   * The SHA-256 digest of the ASCII bytes `header.payload`. It is never the digest of the token's whole text, because
   * base64url can spell one signature in several ways.
   */
  readonly digest: Uint8Array;
  /** The token's `exp`, in Unix seconds. */
  readonly expiresAt: number;
  /** The client's name for the request; null if the client gives none. */
  readonly attempt: string | null;
  readonly now: number;
}

/** @returns whether the token was unused until now */
export async function burnToken(connection: Connection, input: BurnTokenInput): Promise<boolean> {
  return insertUsedToken(connection, { ...ledgerRow(input), outcome: "open" });
}

/**
 * Makes sure that no upload with this token is committed from now on. A token that was never presented is burnt. A
 * token whose upload may still be under way is abandoned, unless the upload is another attempt than the one asked for, or
 * a resumable one that can go on for a day: its row stays open.
 * @returns the token's row after that
 */
export async function settleToken(connection: Connection, input: BurnTokenInput): Promise<UsedToken | undefined> {
  const row = ledgerRow(input);
  if (!(await insertUsedToken(connection, { ...row, outcome: "abandoned" }))) {
    const found = await findUsedToken(connection, row);
    if (isOfAnother(found, input.attempt)) return found;
    if (await hasLivingSession(connection, { ...row, now: input.now })) return found;
    await abandonUsedToken(connection, row);
  }
  return findUsedToken(connection, row);
}

/** Records that an upload has failed, so that another process can tell the clients that ask. */
export function abandonToken(connection: Connection, token: TokenKey): Promise<void> {
  return abandonUsedToken(connection, token);
}

/** Keeps the upload's answer after the upload has waited for its extensions. */
export function keepTokenAnswer(connection: Connection, token: TokenKey & { readonly answer: string }): Promise<void> {
  return updateUsedTokenAnswer(connection, token);
}

/**
 * Whether the token was presented by another attempt. Then this attempt can store nothing. An attempt that gave no name
 * may be any attempt, because proxies drop headers and older versions of this program record no names.
 */
export function isOfAnother(row: UsedToken | undefined, attempt: string | null): boolean {
  return row !== undefined && attempt !== null && row.attempt !== null && row.attempt !== attempt;
}

function ledgerRow({ accountId, digest, expiresAt, attempt, now }: BurnTokenInput) {
  return { account_id: accountId, digest, expires_at: expiresAt, attempt, used_at: now };
}

/**
 * Forgets tokens that expired more than `keepSeconds` ago. This has to hold by three clocks: this process's, the
 * database's, and the expiry of the last token that was let in. Otherwise a sweep under a clock that runs ahead would
 * make tokens valid again that have not expired once the clock is set back, or that have not expired on another node.
 * The backends that mint tokens have clocks of their own. While this clock is days ahead of theirs, none of their
 * tokens is let in, so no token confirms this clock.
 * @param input.now Unix seconds
 * @param input.limit about how many entries are deleted at once; other writers wait meanwhile
 * @returns how many entries were deleted; 0 when there is nothing left to do
 */
export async function pruneTokens(
  connection: Connection,
  input: { readonly now: number; readonly keepSeconds: number; readonly limit: number },
): Promise<number> {
  const latest = await latestExpiry(connection);
  if (latest === undefined) return 0;
  const clock = Math.floor((await earlierClock(connection, input.now * 1000)) / 1000);
  const before = Math.min(clock, latest) - input.keepSeconds;
  return deleteEarliest(connection, ["used_tokens", "expires_at"], { before, limit: input.limit });
}

pruneTokens.makesRoom = true;

export interface BurnV1TokenInput {
  readonly accountId: string;
  /** The SHA-256 digest of the token's text. */
  readonly digest: Uint8Array;
  readonly now: number;
}

/** @returns whether the token was unused in its account until now */
export async function burnV1Token(connection: Connection, input: BurnV1TokenInput): Promise<boolean> {
  return insertUsedV1Token(connection, { account_id: input.accountId, digest: input.digest, used_at: input.now });
}

/**
 * Forgets tokens that were used more than `keepMs` ago. This has to hold by three clocks: this process's, the
 * database's, and the time at which the last token was used. Otherwise a sweep under a clock that runs ahead would make
 * tokens valid again whose signatures have not expired once the clock is set back.
 * @param input.limit about how many entries are deleted at once; other writers wait meanwhile
 * @returns how many entries were deleted; 0 when there is nothing left to do
 */
export async function pruneV1Tokens(
  connection: Connection,
  { now, keepMs, limit }: { readonly now: number; readonly keepMs: number; readonly limit: number },
): Promise<number> {
  const latest = await latestV1Use(connection);
  if (latest === undefined) return 0;
  const before = Math.min(await earlierClock(connection, now), latest) - keepMs;
  return deleteEarliest(connection, ["used_v1_tokens", "used_at"], { before, limit });
}

pruneV1Tokens.makesRoom = true;

const daySeconds = 24 * 60 * 60;

/**
 * Returns how long a token stays in the ledger after it has expired. A token that was presented just before it expired
 * may be under way for as long as the longest request takes.
 */
export function secondsInLedger({ requestMs }: Pick<Limits, "requestMs">): number {
  return Math.ceil(requestMs / 1000) + daySeconds;
}
