import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { KeyPairWithAccount } from "../../database/repositories/key-pairs.ts";
import { type V1Credentials, verifyV1Signature } from "./verify-v1-signature.ts";

const pair: KeyPairWithAccount = {
  id: "pair",
  account_id: "account",
  public_key: "public_test",
  private_key: "private_key_test",
  private_key_hash: new Uint8Array(32),
  origin: "generated",
  created_at: 0,
  expires_at: null,
  account_status: "active",
  account_v1_uploads: 1,
  account_storage_limit: null,
  custom_metadata_defaults: null,
  event_routes: null,
  imagekit_id: "demo",
};

/** The vendor's test vector (spec/upload-v2.md §4). */
const vector = {
  publicKey: "public_test",
  token: "your_token",
  expire: "1582269249",
  signature: "e71bcd6031016b060d349d212e23e85c791decdd",
} as const;
const end = 1_582_269_249_000;

function sign(token: string, expire: string): V1Credentials {
  const signature = createHmac("sha1", pair.private_key)
    .update(token + expire)
    .digest("hex");
  return { publicKey: pair.public_key, token, expire, signature };
}

function verify(credentials: V1Credentials, arrivedAt = end - 60_000, found: Partial<KeyPairWithAccount> = {}) {
  const byPublicKey = async (key: string) => (key === pair.public_key ? { ...pair, ...found } : undefined);
  return verifyV1Signature({ byPublicKey }, credentials, arrivedAt);
}

test("the vendor's test vector holds until its very end, and no earlier than an hour before", async () => {
  for (const arrivedAt of [end - 1, end - 3_599_999]) {
    expect(await verify(vector, arrivedAt)).toMatchObject({ principal: { accountId: "account", imagekitId: "demo" } });
  }
  for (const arrivedAt of [end, end + 1, end - 3_600_000]) {
    await expect(verify(vector, arrivedAt)).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  }
});

test.each([
  ["another token", { token: "my_token" }],
  ["another expiry", { expire: "1582269250" }],
  ["another signature", { signature: "f71bcd6031016b060d349d212e23e85c791decdd" }],
  ["capitals", { signature: vector.signature.toUpperCase() }],
  ["a signature cut short", { signature: vector.signature.slice(0, -1) }],
  ["text of that length in bytes", { signature: "é".repeat(20) }],
])("%s is refused", async (_, change) => {
  await expect(verify({ ...vector, ...change })).rejects.toMatchObject({ reason: "SIGNATURE_INVALID" });
});

test("an expiry spelt otherwise is refused, though its signature holds", async () => {
  for (const expire of ["1582269249.0", " 1582269249", "+1582269249", "1582269249000", "1.5e9", "", "never"]) {
    await expect(verify(sign("your_token", expire))).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  }
});

test("a signature is good for one cut between token and expiry", async () => {
  const { signature } = sign("token0", vector.expire);
  for (const [token, expire] of [
    ["token", `0${vector.expire}`],
    [`token0${vector.expire.slice(0, 1)}`, vector.expire.slice(1)],
  ] as const) {
    await expect(verify({ ...vector, token, expire, signature })).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  }
});

test.each([
  ["ACCOUNT_NOT_AUTHENTICATED", { public_key: "public_other" }, { publicKey: "public_other" }],
  ["ACCOUNT_DISABLED", { account_status: "disabled" }, {}],
  ["PRIVATE_KEY_EXPIRED", { expires_at: end - 60_000 }, {}],
  ["SIGNATURES_SWITCHED_OFF", { account_v1_uploads: 0 }, {}],
] as const)("%s comes before the signature is looked at", async (reason, found, change) => {
  const wrong = { ...vector, signature: "wrong", ...change };
  await expect(verify(wrong, undefined, found)).rejects.toMatchObject({ reason });
});
