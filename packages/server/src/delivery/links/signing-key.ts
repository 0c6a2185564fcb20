import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";

/**
 * The private key of the pair that has asked, so that what it signs ends with the pair.
 * @throws SluiceError PRIVATE_KEY_EXPIRED where the pair has ended meanwhile
 */
export async function signingKeyOf(
  reader: Connection,
  { accountId, key }: Pick<Principal, "accountId" | "key">,
  now: number,
): Promise<string> {
  const pairs = await listFullKeyPairs(reader, accountId, now);
  const own = pairs.find(({ id }) => id === key.id);
  if (own === undefined) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  return own.private_key;
}
