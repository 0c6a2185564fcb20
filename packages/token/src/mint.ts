import { canonicalParameters } from "./canonical.ts";
import { assertKeyPair, type KeyPair } from "./key-pair.ts";
import { MAX_LIFETIME } from "./lifetime.ts";
import { assertParameterValues } from "./parameter-values.ts";
import { signToken } from "./signature.ts";
import type { UploadParameters } from "./upload-parameters.ts";

export interface MintOptions extends KeyPair {
  /** Lifetime in seconds, a whole number from 1 to 3600. */
  readonly expiresIn: number;
  /** The time of issue in Unix seconds; a fraction is cut off. Default: the current time. */
  readonly now?: number | undefined;
  /**
   * The header's `jti`, random by default. Without it, HS256 makes equal tokens from equal parameters within one
   * second, and the second upload would be a replay of the first. `false` leaves it out, for test vectors.
   */
  readonly tokenId?: string | false | undefined;
}

/**
 * Mints the token for exactly one upload with exactly these parameters (docs/protocol/upload.md §3). The form must
 * contain `canonicalParameters(parameters)`, the file and the token, and nothing else.
 * @throws {TypeError} for a parameter that cannot travel or that every server refuses, and for a key that cannot sign
 * @throws {RangeError} for a lifetime outside 1 to 3600 seconds
 */
export async function createUploadToken(parameters: UploadParameters, options: MintOptions): Promise<string> {
  const { publicKey, privateKey, expiresIn, now = Date.now() / 1000, tokenId = crypto.randomUUID() } = options;
  assertKeyPair(options);
  if (!isLifetime(expiresIn)) {
    throw new RangeError(`expiresIn must be a whole number of seconds from 1 to ${MAX_LIFETIME}.`);
  }
  const issuedAt = Math.floor(now);
  if (!Number.isSafeInteger(issuedAt)) {
    throw new RangeError("now must be a Unix time in seconds.");
  }
  const strings = canonicalParameters(parameters);
  const claims: Record<string, string | number> = { ...strings };
  if (!claims.fileName) {
    throw new TypeError("The parameter fileName is missing: an upload without it is always refused.");
  }
  assertParameterValues(strings);
  claims.iat = issuedAt;
  claims.exp = issuedAt + expiresIn;
  const header = { alg: "HS256", typ: "JWT", kid: publicKey } as const;
  return signToken(tokenId === false ? header : { ...header, jti: tokenId }, claims, privateKey);
}

export function isLifetime(seconds: unknown): seconds is number {
  return typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LIFETIME;
}
