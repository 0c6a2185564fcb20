import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { uploading } from "@sluice/protocol/schemas";
import { type TokenCrypto, UploadTokenError, type VerifiedUploadToken, verifyUploadToken } from "@sluice/token";
import type { AccountsByKey } from "../../../accounts/accounts-by-key.ts";
import { type Principal, principalOf } from "../../../accounts/authenticate.ts";
import { issuedAfter } from "../../../accounts/issued-after.ts";
import type { KeyPairWithAccount } from "../../../database/repositories/key-pairs.ts";

interface VerifyTokenOptions {
  /** The number of seconds for which the token may have been expired. */
  readonly expiryTolerance?: number;
  /** Whether the token is to admit an upload. Otherwise it only shows who asks. */
  readonly admits?: boolean;
}

/**
 * Verifies an upload token as far as it can be done without using it up.
 * @param arrivedAt the time at which the request's headers arrived, in Unix milliseconds, so that the token of a slow
 * upload doesn't expire under way
 * @throws SluiceError TOKEN_INVALID, TOKEN_EXPIRED, ACCOUNT_NOT_AUTHENTICATED, PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED,
 * KEY_NOT_ALLOWED, TOKEN_FROM_BEFORE_RESTORE
 */
export async function verifyToken(
  accountsByKey: Pick<AccountsByKey, "byPublicKey" | "noteUse">,
  text: string,
  arrivedAt: number,
  { expiryTolerance = 0, admits = true }: VerifyTokenOptions = {},
): Promise<{ token: VerifiedUploadToken; principal: Principal }> {
  let found: { readonly pair: KeyPairWithAccount; readonly principal: Principal } | undefined;
  try {
    const token = await verifyUploadToken(text, {
      now: arrivedAt / 1000,
      expiryTolerance,
      crypto: nodeCrypto,
      findPrivateKey: async (publicKey) => {
        const pair = await accountsByKey.byPublicKey(publicKey);
        if (pair === undefined) return undefined;
        found = { pair, principal: principalOf(pair, arrivedAt, uploading.keys) };
        return pair.private_key;
      },
    });
    if (found === undefined) throw new Error("a token was verified without a key pair");
    const after = issuedAfter(found.pair);
    if (admits && after !== undefined && token.issuedAt * 1000 <= after) {
      throw new SluiceError("TOKEN_FROM_BEFORE_RESTORE", { after: new Date(after).toISOString() });
    }
    accountsByKey.noteUse(found.pair, arrivedAt);
    return { token, principal: found.principal };
  } catch (error) {
    throw error instanceof UploadTokenError ? refusal(error) : error;
  }
}

function refusal(error: UploadTokenError): SluiceError {
  switch (error.code) {
    case "TOKEN_EXPIRED":
      return new SluiceError("TOKEN_EXPIRED", { lifetime: error.problem }, { cause: error });
    case "TOKEN_INVALID":
      return new SluiceError("TOKEN_INVALID", { problem: error.problem }, { cause: error });
    case "ACCOUNT_NOT_AUTHENTICATED":
      return new SluiceError("ACCOUNT_NOT_AUTHENTICATED", {}, { cause: error });
  }
}

/**
 * The cryptography with which the server verifies tokens. The work itself takes microseconds, and a hop to WebCrypto
 * would take many more.
 */
export const nodeCrypto: TokenCrypto = {
  hmacHolds(signed, signature, privateKey) {
    const expected = createHmac("sha256", privateKey).update(signed).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  },
  sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
};
