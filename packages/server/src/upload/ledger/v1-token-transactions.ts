import { earlierClock } from "../../database/clock.ts";
import type { Connection } from "../../database/database.ts";
import { deleteEarliest } from "../../database/repositories/delete-earliest.ts";
import { insertUsedV1Token, latestV1Use } from "../../database/repositories/used-v1-tokens.ts";

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
