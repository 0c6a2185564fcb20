import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { type Principal, principalOf } from "../../accounts/authenticate.ts";
import type { KeyPairs } from "../../accounts/key-pairs.ts";

export const v1CredentialFields = ["publicKey", "token", "expire", "signature"] as const;

/** The form fields that admit a client through V1, as they were sent (spec/upload-v2.md §4). */
export type V1Credentials = Readonly<Record<(typeof v1CredentialFields)[number], string>>;

const maxLifetimeMs = 60 * 60 * 1000;

/**
 * Verifies a V1 signature as far as it can be done without using its token up.
 * @param arrivedAt Unix milliseconds at which the request's headers came in: a slow upload does not expire under way
 * @throws SluiceError ACCOUNT_NOT_AUTHENTICATED, PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, SIGNATURES_SWITCHED_OFF,
 * SIGNATURE_INVALID, EXPIRE_INVALID
 */
export async function verifyV1Signature(
  keyPairs: Pick<KeyPairs, "byPublicKey">,
  { publicKey, token, expire, signature }: V1Credentials,
  arrivedAt: number,
): Promise<{ readonly principal: Principal; readonly digest: Uint8Array }> {
  const pair = await keyPairs.byPublicKey(publicKey);
  if (pair === undefined) throw new SluiceError("ACCOUNT_NOT_AUTHENTICATED");
  const principal = principalOf(pair, arrivedAt);
  if (pair.account_v1_uploads === 0) throw new SluiceError("SIGNATURES_SWITCHED_OFF");
  if (!signatureHolds(token + expire, signature, pair.private_key)) throw new SluiceError("SIGNATURE_INVALID");
  if (!isWithinTheHour(expire, arrivedAt)) throw new SluiceError("EXPIRE_INVALID");
  return { principal, digest: hash("sha256", token, "buffer") };
}

/** Lowercase hex of HMAC-SHA1, compared in constant time. */
function signatureHolds(signed: string, signature: string, privateKey: string): boolean {
  const expected = Buffer.from(createHmac("sha1", privateKey).update(signed).digest("hex"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Nothing stands between token and expiry in what is signed: were a leading zero let in, the signature of `abc0` and
 * `1767225600` would admit `abc` and `01767225600` as well. With ten digits, no other cut is within the hour.
 */
function isWithinTheHour(expire: string, arrivedAt: number): boolean {
  if (!/^[1-9]\d{9}$/.test(expire)) return false;
  const remaining = Number(expire) * 1000 - arrivedAt;
  return remaining > 0 && remaining < maxLifetimeMs;
}
