import { takesV1Uploads } from "../../accounts/v1-uploads.ts";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { readSignature, type Signed, verifySignature } from "../url/signed-url.ts";
import { refuseV1Signature } from "./access.ts";

interface SignatureNeeds {
  readonly config: Pick<Config, "imagekitId" | "v1Uploads">;
  readonly database: { readonly reader: Connection };
}

/**
 * Verifies a URL's signature with every key pair of the account that is still active and may do everything.
 * @param rest the target behind the account's id
 * @param behind the target behind the endpoint's prefix
 * @param now Unix milliseconds
 * @returns undefined for an unsigned URL
 * @throws DeliveryRefusal SIGNATURE_INVALID, SIGNATURE_EXPIRED, V1_SIGNATURE
 */
export async function checkSignature(
  { config, database }: SignatureNeeds,
  account: AccountRow,
  { rest, behind }: { readonly rest: string; readonly behind: string },
  now: number,
): Promise<Signed | undefined> {
  const claim = readSignature(rest, behind);
  if (claim === undefined) return undefined;
  const pairs = await listFullKeyPairs(database.reader, account.id, now);
  const signed = verifySignature(
    claim,
    pairs.map((pair) => pair.private_key),
    now,
  );
  refuseV1Signature(signed, takesV1Uploads(config, account));
  return signed;
}
