import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { isV1Token } from "@sluice/token";
import { viewerOfServer } from "../../../access/viewer.ts";
import type { AccountsByKey } from "../../../accounts/accounts-by-key.ts";
import { type Principal, principalOf } from "../../../accounts/authenticate.ts";
import { issuedAfter } from "../../../accounts/issued-after.ts";
import { fullAlone } from "../../../accounts/key-roles.ts";
import { takesV1Uploads } from "../../../accounts/v1-uploads.ts";
import type { Config } from "../../../config/config.ts";
import type { Connection } from "../../../database/database.ts";
import { findDeliverable } from "../../../database/repositories/deliverables.ts";
import { shortened } from "../../../text/shortened.ts";
import type { BurnV1TokenInput } from "../../ledger/token-transactions.ts";
import { type Authoriser, type MutableAuthoriser, onceOnly } from "./authoriser.ts";

export const v1CredentialFields = ["publicKey", "token", "expire", "signature"] as const;

/** The form fields that admit a client through V1, as they were sent (docs/protocol/upload.md §4). */
export type V1Credentials = Readonly<Record<(typeof v1CredentialFields)[number], string>>;

const maxLifetimeMs = 60 * 60 * 1000;

interface V1Verifier {
  readonly config: Pick<Config, "imagekitId" | "v1Uploads">;
  readonly accountsByKey: Pick<AccountsByKey, "byPublicKey" | "noteUse">;
}

/**
 * Verifies a V1 signature as far as it can be done without using its token up. A delivery URL is signed by the same
 * formula under the same key. So V1 accepts only tokens of the form that the SDKs make, and delivery URLs leave that
 * form to V1. Otherwise each signed URL would let its holder overwrite the file that it shows (docs/protocol/upload.md
 * §4). Only a pair that may do everything signs, as with delivery URLs.
 * @param arrivedAt the time at which the request's headers arrived, in Unix milliseconds, so that the signature of a
 * slow upload doesn't expire under way
 * @throws SluiceError ACCOUNT_NOT_AUTHENTICATED, PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, KEY_NOT_ALLOWED,
 * SIGNATURES_SWITCHED_OFF, SIGNATURE_INVALID, SIGNED_TOKEN_INVALID, EXPIRE_INVALID, SIGNATURE_FROM_BEFORE_RESTORE
 */
export async function verifyV1Signature(
  { config, accountsByKey }: V1Verifier,
  { publicKey, token, expire, signature }: V1Credentials,
  arrivedAt: number,
): Promise<{ readonly principal: Principal; readonly digest: Uint8Array }> {
  const pair = await accountsByKey.byPublicKey(publicKey);
  if (pair === undefined) throw new SluiceError("ACCOUNT_NOT_AUTHENTICATED");
  const principal = principalOf(pair, arrivedAt, fullAlone, "signature");
  const { imagekitId } = principal;
  if (!takesV1Uploads(config, { imagekit_id: imagekitId, v1_uploads: pair.account_v1_uploads })) {
    throw new SluiceError("SIGNATURES_SWITCHED_OFF", { imagekitId });
  }
  if (!signatureHolds(token + expire, signature, pair.private_key)) throw new SluiceError("SIGNATURE_INVALID");
  accountsByKey.noteUse(pair, arrivedAt);
  if (!isV1Token(token)) throw new SluiceError("SIGNED_TOKEN_INVALID");
  if (!isWithinTheHour(expire, arrivedAt)) throw new SluiceError("EXPIRE_INVALID");
  assertSignedSince(expire, issuedAfter(pair));
  return { principal, digest: hash("sha256", token, "buffer") };
}

/**
 * Refuses a token that is also the name of a file. A backend that signs the URL of a file in the root folder makes a V1
 * signature if the whole name of the file looks like a V1 token. Such a URL is refused while V1 is on, but its holder
 * has the signature all the same.
 * @throws SluiceError SIGNED_TOKEN_INVALID when there is a file of that name, even if it is a draft
 */
export async function assertNamesNoFile(reader: Connection, accountId: string, token: string): Promise<void> {
  const file = await findDeliverable(reader, viewerOfServer(accountId), { folder: "/", name: token }, undefined);
  if (file !== undefined) throw new SluiceError("SIGNED_TOKEN_INVALID");
}

/**
 * Refuses a signature that the library may have accepted before it was restored. A signature doesn't say when it was
 * made. What was accepted until `after` expires within an hour of that.
 */
function assertSignedSince(expire: string, after: number | undefined): void {
  if (after === undefined) return;
  const latest = after + maxLifetimeMs;
  if (Number(expire) * 1000 > latest) return;
  throw new SluiceError("SIGNATURE_FROM_BEFORE_RESTORE", { expire: new Date(latest).toISOString() });
}

/** Whether the signature is the lowercase hex of the HMAC-SHA1. They are compared in constant time. */
function signatureHolds(signed: string, signature: string, privateKey: string): boolean {
  const expected = Buffer.from(createHmac("sha1", privateKey).update(signed).digest("hex"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Whether the expiry is a number of ten digits that lies within the next hour. In the signed text, nothing separates
 * the token from the expiry. If a leading zero were accepted, the signature of `abc0` and `1767225600` would also admit
 * `abc` and `01767225600`. With ten digits, no other cut gives an expiry within the hour.
 */
function isWithinTheHour(expire: string, arrivedAt: number): boolean {
  if (!/^[1-9]\d{9}$/.test(expire)) return false;
  const remaining = Number(expire) * 1000 - arrivedAt;
  return remaining > 0 && remaining < maxLifetimeMs;
}

interface SignatureAuthoriserOptions {
  /** @throws SluiceError when the signature doesn't admit the upload */
  readonly verify: (
    credentials: V1Credentials,
  ) => Promise<{ readonly principal: Principal; readonly digest: Uint8Array }>;
  /**
   * Resolves when the ledger's row is on disk. The result is false when the token had been used before. When the
   * promise rejects, for example because there is no room for the upload, the token is as valid as before.
   * @param transformation the upload's parameter, if it has arrived by then
   */
  readonly burn: (input: Omit<BurnV1TokenInput, "now">, transformation: string | undefined) => Promise<boolean>;
  /** Called once the token is burnt. From then on, no answer may invite a retry. */
  readonly onBurn: () => void;
}

/** The number of characters of a token that an error message repeats. */
const shownLength = 256;

/**
 * The authoriser of V1's client mode. Four fields, in any order and anywhere in the form, say that the sender may
 * upload. They lock nothing of what is uploaded (docs/protocol/upload.md §4).
 */
export function signatureAuthoriser({ verify, burn, onBurn }: SignatureAuthoriserOptions): Authoriser {
  const take = onceOnly();
  const credentials: Partial<Record<keyof V1Credentials, string>> = {};
  let transformation: string | undefined;
  let admitted: Principal | undefined;

  async function admit(complete: V1Credentials): Promise<void> {
    const { principal, digest } = await verify(complete);
    const fresh = await burn({ accountId: principal.accountId, digest }, transformation);
    onBurn();
    if (!fresh) throw new SluiceError("SIGNED_TOKEN_USED", { token: shortened(complete.token, shownLength) });
    admitted = principal;
    authoriser.admitted = { principal };
  }

  const authoriser: MutableAuthoriser = {
    admitted: undefined,
    field(name, value) {
      take(name);
      if (name === "transformation") transformation = value;
      if (!isCredential(name) || value === "") return;
      credentials[name] = value;
      return isComplete(credentials) ? admit(credentials) : undefined;
    },
    close() {
      if (admitted !== undefined) return admitted;
      const missing = v1CredentialFields.filter((name) => credentials[name] === undefined).join(", ");
      throw new SluiceError("SIGNATURE_MISSING", { missing });
    },
  };
  return authoriser;
}

function isCredential(name: string): name is keyof V1Credentials {
  return (v1CredentialFields as readonly string[]).includes(name);
}

function isComplete(credentials: Partial<V1Credentials>): credentials is V1Credentials {
  return v1CredentialFields.every((name) => credentials[name] !== undefined);
}
