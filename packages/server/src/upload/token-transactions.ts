import type { Connection } from "../database/database.ts";
import { deleteUsedTokens, insertUsedToken } from "../database/repositories/used-tokens.ts";

export interface BurnTokenInput {
  readonly accountId: string;
  /** SHA-256 over the ASCII bytes `header.payload`, never over the token's text: base64url spells one signature in several ways. */
  readonly digest: Uint8Array;
  /** The token's `exp`, Unix seconds. */
  readonly expiresAt: number;
  readonly now: number;
}

/** @returns whether the token was unused until now */
export async function burnToken(connection: Connection, input: BurnTokenInput): Promise<boolean> {
  return insertUsedToken(connection, {
    account_id: input.accountId,
    digest: input.digest,
    expires_at: input.expiresAt,
    used_at: input.now,
  });
}

/** @param input.expiredBefore Unix seconds @returns how many entries went */
export async function pruneTokens(connection: Connection, input: { readonly expiredBefore: number }): Promise<number> {
  return deleteUsedTokens(connection, input.expiredBefore);
}
