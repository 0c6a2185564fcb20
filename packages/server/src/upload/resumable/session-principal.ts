import { SluiceError } from "@sluice/protocol";
import { withUploadAddress } from "@sluice/protocol/schemas";
import { type Principal, principalOf } from "../../accounts/authenticate.ts";
import { findKeyPair } from "../../database/repositories/key-pairs.ts";
import type { ResumableNeeds } from "./needs.ts";
import type { UploadSession } from "./sessions/session.ts";

/**
 * Finds who the session speaks for, as the account and its key pair are now. A pair that ends by itself admits the
 * sessions that were created before its end; a revoked one admits none.
 * @throws SluiceError PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, UPLOAD_SESSION_NOT_FOUND
 */
export async function principalOfSession(
  { database }: Pick<ResumableNeeds, "database">,
  { keyId, arrivedAt }: Pick<UploadSession, "keyId" | "arrivedAt">,
): Promise<Principal> {
  const pair = await findKeyPair(database.reader, { id: keyId });
  if (pair === undefined) throw new SluiceError("UPLOAD_SESSION_NOT_FOUND");
  return principalOf(pair, arrivedAt, withUploadAddress.keys);
}
