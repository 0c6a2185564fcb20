import type { KeyPairWithAccount } from "../database/repositories/key-pairs.ts";

/** The clocks of two servers, by which a restore and a new pair are dated, are not further apart than this. */
const maxClockSkewMs = 90_000;

/**
 * The time after which a token must have been issued. A restored library doesn't know which tokens were used since its
 * backup. A pair that this library has generated since is in no backup, so all of its tokens are new. A configured pair
 * may be older than its row.
 * @returns undefined where any time will do
 */
export function issuedAfter({
  origin,
  created_at,
  restored_at,
  issued_after,
}: Pick<KeyPairWithAccount, "origin" | "created_at" | "restored_at" | "issued_after">): number | undefined {
  if (restored_at === null || issued_after === null) return undefined;
  return origin === "generated" && created_at > restored_at + maxClockSkewMs ? undefined : issued_after;
}
