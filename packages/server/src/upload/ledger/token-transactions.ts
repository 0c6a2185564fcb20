import { earlierClock } from "../../database/clock.ts";
import type { Connection } from "../../database/database.ts";
import { deleteEarliest } from "../../database/repositories/delete-earliest.ts";
import {
  abandonUsedToken,
  findUsedToken,
  insertUsedToken,
  latestExpiry,
  type TokenKey,
  type UsedToken,
  updateUsedTokenAnswer,
} from "../../database/repositories/used-tokens.ts";

export interface BurnTokenInput {
  readonly accountId: string;
  /** SHA-256 over the ASCII bytes `header.payload`, never over the token's text: base64url spells one signature in several ways. */
  readonly digest: Uint8Array;
  /** The token's `exp`, Unix seconds. */
  readonly expiresAt: number;
  /** What the client calls the request; null where it says nothing. */
  readonly attempt: string | null;
  readonly now: number;
}

/** @returns whether the token was unused until now */
export async function burnToken(connection: Connection, input: BurnTokenInput): Promise<boolean> {
  return insertUsedToken(connection, { ...ledgerRow(input), outcome: "open" });
}

/**
 * Makes sure that no upload with this token is committed from now on: one that was never presented is burnt, one whose
 * upload may still be under way is abandoned, unless it is another attempt's than the one asked for.
 * @returns what its row says then
 */
export async function settleToken(connection: Connection, input: BurnTokenInput): Promise<UsedToken | undefined> {
  const row = ledgerRow(input);
  if (!(await insertUsedToken(connection, { ...row, outcome: "abandoned" }))) {
    const found = await findUsedToken(connection, row);
    if (isOfAnother(found, input.attempt)) return found;
    await abandonUsedToken(connection, row);
  }
  return findUsedToken(connection, row);
}

/** Says of an upload that it has failed, for those who ask another process. */
export async function abandonToken(connection: Connection, key: TokenKey): Promise<void> {
  await abandonUsedToken(connection, key);
}

/** Keeps what the upload is answered once its extensions have been waited for. */
export async function keepTokenAnswer(
  connection: Connection,
  input: TokenKey & { readonly answer: string },
): Promise<void> {
  await updateUsedTokenAnswer(connection, input);
}

/**
 * A token that was presented by another attempt lets this one store nothing. One that came without a name may be
 * anybody's: proxies drop headers, and older versions of this program note none.
 */
export function isOfAnother(row: UsedToken | undefined, attempt: string | null): boolean {
  return row !== undefined && attempt !== null && row.attempt !== null && row.attempt !== attempt;
}

function ledgerRow({ accountId, digest, expiresAt, attempt, now }: BurnTokenInput) {
  return { account_id: accountId, digest, expires_at: expiresAt, attempt, used_at: now };
}

/**
 * Forgets tokens that ended more than `keepSeconds` ago, by this clock, the database's and the last token that was let
 * in: a sweep under a clock that runs ahead would make tokens good again that are alive once it is set back, or on
 * another node. Those who mint have clocks of their own, and while this one is days ahead of theirs no token of theirs
 * gets in to bear it out.
 * @param input.now Unix seconds
 * @param input.limit about how many go at once: while they do, others wait
 * @returns how many entries went; 0 when there is nothing left to do
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
