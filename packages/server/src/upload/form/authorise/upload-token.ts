import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { uploading } from "@sluice/protocol/schemas";
import {
  compareField,
  describeDifferences,
  matchPayload,
  type TokenCrypto,
  UploadTokenError,
  type VerifiedUploadToken,
  verifyUploadToken,
} from "@sluice/token";
import type { AccountsByKey } from "../../../accounts/accounts-by-key.ts";
import { type Principal, principalOf } from "../../../accounts/authenticate.ts";
import { issuedAfter } from "../../../accounts/issued-after.ts";
import type { KeyPairWithAccount } from "../../../database/repositories/key-pairs.ts";
import type { BurnTokenInput } from "../../ledger/token-transactions.ts";
import type { Authoriser, MutableAuthoriser } from "./authoriser.ts";

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
        found = { pair, principal: principalOf(pair, arrivedAt, uploading.keys, "token") };
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

interface TokenAuthoriserOptions {
  /** @throws SluiceError when the token can't be used, in the order of verification of docs/protocol/upload.md §3 */
  readonly verify: (token: string) => Promise<{ readonly token: VerifiedUploadToken; readonly principal: Principal }>;
  /**
   * Resolves when the ledger's row is on disk. The result is false when the token had been used before. When the
   * promise rejects, for example because there is no room for the upload, the token is as valid as before.
   */
  readonly burn: (
    input: Omit<BurnTokenInput, "attempt" | "now">,
    claims: ReadonlyMap<string, unknown>,
  ) => Promise<boolean>;
  /** Called once the token is burnt. From then on, no answer may invite a retry. */
  readonly onBurn: () => void;
}

/** The authoriser of client mode. The form must be exactly what the token's claims say, and the token must be new. */
export function tokenAuthoriser({ verify, burn, onBurn }: TokenAuthoriserOptions): Authoriser {
  const fields: [name: string, value: string][] = [];
  const names = new Set<string>();
  let admitted: { readonly token: VerifiedUploadToken; readonly principal: Principal } | undefined;
  let tokens = 0;

  async function admit(text: string): Promise<void> {
    const { token, principal } = await verify(text);
    const { digest, expiresAt, claims } = token;
    const fresh = await burn({ accountId: principal.accountId, digest, expiresAt }, claims);
    onBurn();
    if (!fresh) throw new SluiceError("TOKEN_USED");
    admitted = { token, principal };
    authoriser.admitted = { principal, claims };
    authoriser.token = { expires_at: expiresAt, digest };
    compare(false);
  }

  /**
   * Takes a field. All fields are compared when the token arrives. From then on, it is enough to compare each new
   * field.
   */
  function take(name: string, value: string): void {
    const repeated = names.has(name);
    names.add(name);
    fields.push([name, value]);
    if (admitted === undefined) return;
    if (repeated || compareField(admitted.token.claims, name, value) !== "match") compare(false);
  }

  /**
   * Compares the form's fields with the token's claims.
   * @param complete whether the form is complete; before that, missing fields can't be told
   */
  function compare(complete: boolean): void {
    if (admitted === undefined) return;
    const { claims } = admitted.token;
    const differences = matchPayload(claims, fields, { mayGoOn: !complete });
    if (differences === undefined) return;
    throw new SluiceError("PAYLOAD_MISMATCH", { differences: describeDifferences(differences, claims) });
  }

  const authoriser: MutableAuthoriser = {
    admitted: undefined,
    token: undefined,
    field(name, value) {
      if (name !== "token") return take(name, value);
      if (++tokens > 1) {
        // Two tokens in one form are a field that is given twice. The server does not guess which of them was meant.
        if (admitted !== undefined)
          throw new SluiceError("PAYLOAD_MISMATCH", { differences: "in the form more than once: token" });
        throw new SluiceError("TOKEN_INVALID", { problem: "The form carries more than one token." });
      }
      return value === "" ? undefined : admit(value);
    },
    close() {
      if (admitted === undefined) throw new SluiceError("TOKEN_MISSING");
      compare(true);
      return admitted.principal;
    },
  };
  return authoriser;
}
