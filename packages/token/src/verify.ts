import { headerProblems } from "./header.ts";
import { type LifetimeLimits, lifetimeProblems } from "./lifetime.ts";
import type { Claims } from "./match.ts";
import { decodeJsonObject, decodePart, type JsonObject, splitToken } from "./parse.ts";
import { signedBytes, type TokenCrypto, webCrypto } from "./signature.ts";
import { invalidToken, type TokenProblem, UploadTokenError } from "./upload-token-error.ts";

/** Looks a key pair up by its public key, which is untrusted text; undefined when there is none. */
export type FindPrivateKey = (publicKey: string) => string | undefined | Promise<string | undefined>;

export interface VerifyOptions extends LifetimeLimits {
  readonly findPrivateKey: FindPrivateKey;
  /** The time in Unix seconds against which the lifetime is judged; a fraction is allowed. */
  readonly now: number;
  /** Other means than WebCrypto, for a runtime that has faster ones. */
  readonly crypto?: TokenCrypto | undefined;
}

export interface VerifiedUploadToken {
  readonly publicKey: string;
  /** The time in Unix seconds. */
  readonly issuedAt: number;
  /** The time in Unix seconds. */
  readonly expiresAt: number;
  readonly claims: Claims;
  /**
   * SHA-256 over the ASCII bytes `header.payload`: the token's identity in the ledger of used tokens. Never over the
   * token's text: base64url can spell one signature in several ways, and each would pass as a token of its own
   * (docs/architecture.md decision 3).
   */
  readonly digest: Uint8Array<ArrayBuffer>;
}

/**
 * Steps 1 to 6 of the verification order of docs/protocol/upload.md §3: parse, header, key, signature, lifetime,
 * expiry. Single use and the comparison with the form (`matchPayload`) are the caller's next steps.
 * @throws {UploadTokenError} for the first thing that is wrong; whatever `findPrivateKey` throws passes through
 */
export async function verifyUploadToken(token: string, options: VerifyOptions): Promise<VerifiedUploadToken> {
  const parts = splitToken(token);
  const header = decodeJsonObject("header", parts.header);
  const payload = decodeJsonObject("payload", parts.payload);
  refuseFirst(headerProblems(header));
  const publicKey = header.kid as string;
  const privateKey = await options.findPrivateKey(publicKey);
  // An empty secret is one that everybody knows: no key at all.
  if (!privateKey) {
    throw new UploadTokenError(unknownKey);
  }
  const { crypto = webCrypto } = options;
  const signed = signedBytes(parts);
  if (!(await crypto.hmacHolds(signed, decodePart(parts.signature), privateKey))) {
    throw invalidToken(wrongSignature);
  }
  refuseFirst(lifetimeProblems(payload, options.now, options));
  return {
    publicKey,
    issuedAt: payload.iat as number,
    expiresAt: payload.exp as number,
    claims: parameterClaims(payload),
    digest: await crypto.sha256(signed),
  };
}

export const unknownKey: TokenProblem = {
  code: "ACCOUNT_NOT_AUTHENTICATED",
  problem: "The public key in the token's kid is not one of this server's.",
};

export const wrongSignature =
  "The token's signature does not hold: it was made with another private key than the one that belongs to its kid, or the token was changed afterwards.";

export function parameterClaims(payload: JsonObject): Claims {
  return new Map(Object.entries(payload).filter(([name]) => name !== "iat" && name !== "exp"));
}

function refuseFirst(problems: Generator<TokenProblem, void>): void {
  for (const problem of problems) {
    throw new UploadTokenError(problem);
  }
}
