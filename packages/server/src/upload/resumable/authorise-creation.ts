import { SluiceError } from "@sluice/protocol";
import { uploading } from "@sluice/protocol/schemas";
import { describeDifferences, matchPayload, type VerifiedUploadToken } from "@sluice/token";
import { authenticateBasic, type Principal } from "../../accounts/authenticate.ts";
import { findUsedToken } from "../../database/repositories/used-tokens.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { verifyToken } from "../form/authorise/verify-token.ts";
import type { ResumableNeeds } from "./needs.ts";
import { withoutTransportKeys } from "./transport-keys.ts";

type Pairs = readonly (readonly [name: string, value: string])[];

export interface CreationCredentials {
  readonly authorization: string | undefined;
  /** The pairs of Upload-Metadata. */
  readonly pairs: Pairs;
  /** The time in Unix milliseconds. */
  readonly arrivedAt: number;
}

export interface AuthorisedCreation {
  readonly principal: Principal;
  /** The token, which has not been used up yet. Undefined if the private key was sent. */
  readonly token: VerifiedUploadToken | undefined;
  /** The upload's parameters. Each comes once. */
  readonly fields: Pairs;
}

type AuthoriseNeeds = Pick<ResumableNeeds, "accountsByKey" | "database">;

/**
 * Finds out who creates the session: by the private key, or by a token that claims just the given parameters. In a
 * form, the parameters come one by one and the token is used up before all of them are known; here they come at once,
 * so a token is used up only for an upload that it fits.
 * @param admit called once the credentials hold: gives the upload its place
 * @throws SluiceError as for a form
 */
export async function authoriseCreation(
  { accountsByKey, database }: AuthoriseNeeds,
  { authorization, pairs, arrivedAt }: CreationCredentials,
  admit: (principal: Principal, claims: ReadonlyMap<string, unknown> | undefined) => Promise<void>,
): Promise<AuthorisedCreation> {
  const text = pairs.find(([name]) => name === "token")?.[1];
  const basic = await authenticateBasic(accountsByKey, authorization, arrivedAt, uploading.keys);
  if (basic !== undefined) {
    if (text !== undefined) throw new SluiceError("TOKEN_AND_BASIC_AUTH");
    await admit(basic, undefined);
    return { principal: basic, token: undefined, fields: parametersOf(pairs, undefined) };
  }
  if (text === undefined || text === "") throw new SluiceError("TOKEN_MISSING");
  const { token, principal } = await verifyToken(accountsByKey, text, arrivedAt);
  // A used token that is sent again and again must not fill the line in which other uploads wait.
  const key = { expires_at: token.expiresAt, digest: token.digest };
  if ((await findUsedToken(database.reader, key)) !== undefined) throw new SluiceError("TOKEN_USED");
  await admit(principal, token.claims);
  const fields = parametersOf(pairs, token.claims);
  const differences = matchPayload(token.claims, fields);
  if (differences !== undefined) {
    throw new SluiceError("PAYLOAD_MISMATCH", { differences: describeDifferences(differences, token.claims) });
  }
  return { principal, token, fields };
}

function parametersOf(pairs: Pairs, claims: ReadonlyMap<string, unknown> | undefined): Pairs {
  const fields = withoutTransportKeys(pairs, claims).filter(([name]) => name !== "token");
  if (fields.some(([name]) => name === "file")) {
    throw invalidParameter("file", "The bytes of a resumable upload come in the bodies of its requests.");
  }
  return fields;
}
