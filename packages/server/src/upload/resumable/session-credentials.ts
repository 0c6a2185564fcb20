import { SluiceError } from "@sluice/protocol";
import { uploading, withUploadAddress } from "@sluice/protocol/schemas";
import { describeDifferences, matchPayload, type VerifiedUploadToken } from "@sluice/token";
import { authenticateBasic, type Principal, principalOf } from "../../accounts/authenticate.ts";
import { findKeyPair } from "../../database/repositories/key-pairs.ts";
import { findUsedToken } from "../../database/repositories/used-tokens.ts";
import { invalidParameter } from "../../text/parameter.ts";
import type { AuthoriserRequest } from "../form/authorise/choose-authoriser.ts";
import { verifyToken } from "../form/authorise/upload-token.ts";
import { FormFields } from "../form/receive/form-fields.ts";
import type { ResumableDeps } from "./deps.ts";
import type { UploadSession } from "./sessions/session.ts";

/** The pairs of Upload-Metadata. */
type Pairs = readonly (readonly [name: string, value: string])[];

export interface VerifiedCreation {
  readonly principal: Principal;
  /** The token, which has not been used up yet. Undefined if the private key was sent. */
  readonly token: VerifiedUploadToken | undefined;
}

/**
 * Finds out who creates the session: by the private key, or by a token, which is not used up here.
 * @throws SluiceError as for a form
 */
export async function verifyCreation(
  { accountsByKey, database }: Pick<ResumableDeps, "accountsByKey" | "database">,
  { authorization, arrivedAt }: Pick<AuthoriserRequest, "arrivedAt" | "authorization">,
  pairs: Pairs,
): Promise<VerifiedCreation> {
  const text = pairs.find(([name]) => name === "token")?.[1];
  const basic = await authenticateBasic(accountsByKey, authorization, arrivedAt, uploading.keys);
  if (basic !== undefined) {
    if (text !== undefined) throw new SluiceError("TOKEN_AND_BASIC_AUTH");
    return { principal: basic, token: undefined };
  }
  if (text === undefined || text === "") throw new SluiceError("TOKEN_MISSING");
  const { token, principal } = await verifyToken(accountsByKey, text, arrivedAt);
  // A used token that is sent again and again must not fill the line in which other uploads wait.
  const key = { expires_at: token.expiresAt, digest: token.digest };
  if ((await findUsedToken(database.reader, key)) !== undefined) throw new SluiceError("TOKEN_USED");
  return { principal, token };
}

/**
 * Keys of Upload-Metadata that tus clients add by themselves. They are no parameters of an upload, unless a token claims
 * one of them.
 */
const transportKeys: ReadonlySet<string> = new Set(["filename", "filetype", "name", "type", "relativePath"]);

/**
 * Returns the parameters of the upload, which are just those that its token claims. In a form, they come one by one and
 * the token is used up before all of them are known. Here they come at once, so a token is used up only for an upload
 * that it fits.
 * @param limit bytes of all names and values together
 * @throws SluiceError PARAMETER_INVALID, PAYLOAD_MISMATCH, PARAMETER_REPEATED, FORM_TOO_LARGE
 */
export function parametersOf(
  pairs: Pairs,
  token: VerifiedUploadToken | undefined,
  limit: number,
): ReadonlyMap<string, string> {
  const claims = token?.claims;
  const asked = pairs.filter(([name]) => !transportKeys.has(name) || claims?.has(name));
  const fields = asked.filter(([name]) => name !== "token");
  if (fields.some(([name]) => name === "file")) {
    throw invalidParameter("file", "The bytes of a resumable upload come in the bodies of its requests.");
  }
  const differences = claims && matchPayload(claims, fields);
  if (claims !== undefined && differences !== undefined) {
    throw new SluiceError("PAYLOAD_MISMATCH", { differences: describeDifferences(differences, claims) });
  }
  const form = new FormFields(limit);
  for (const [name, value] of fields) form.add(name, value);
  // Where no token names the parameters, a list may come under the name of one of its parts, as in a form.
  return claims === undefined ? form.withLists() : form.toMap();
}

/**
 * Finds who the session speaks for, as the account and its key pair are now. A pair that ends by itself admits the
 * sessions that were created before its end; a revoked one admits none.
 * @throws SluiceError PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, UPLOAD_SESSION_NOT_FOUND
 */
export async function principalOfSession(
  { database }: Pick<ResumableDeps, "database">,
  { keyId, arrivedAt }: Pick<UploadSession, "keyId" | "arrivedAt">,
): Promise<Principal> {
  const pair = await findKeyPair(database.reader, { id: keyId });
  if (pair === undefined) throw new SluiceError("UPLOAD_SESSION_NOT_FOUND");
  return principalOf(pair, arrivedAt, withUploadAddress.keys, "upload");
}
