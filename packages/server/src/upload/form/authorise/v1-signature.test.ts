import { createHmac } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";
import { viewerOf } from "../../../access/viewer.ts";
import type { Config } from "../../../config/config.ts";
import type { KeyPairWithAccount } from "../../../database/repositories/key-pairs.ts";
import { openUploadFixture } from "../../../testing/upload-fixture.ts";
import type { Authoriser } from "./authoriser.ts";
import { assertNamesNoFile, signatureAuthoriser, type V1Credentials, verifyV1Signature } from "./v1-signature.ts";

const pair: KeyPairWithAccount = {
  id: "pair",
  account_id: "account",
  public_key: "public_test",
  private_key: "private_key_test",
  private_key_hash: new Uint8Array(32),
  origin: "generated",
  role: "full",
  may_overwrite: 1,
  revoked_at: null,
  last_used_on: null,
  name: null,
  created_at: 0,
  expires_at: null,
  account_status: "active",
  account_v1_uploads: 1,
  account_storage_limit: null,
  custom_metadata_defaults: null,
  event_routes: null,
  imagekit_id: "demo",
  restored_at: null,
  issued_after: null,
};

/** The vendor's test vector (docs/protocol/upload.md §4), whose token is not one that this server takes. */
const vendorVector = {
  publicKey: "public_test",
  token: "your_token",
  expire: "1582269249",
  signature: "e71bcd6031016b060d349d212e23e85c791decdd",
} as const;
/** The same for a UUID, computed by openssl. */
const vector = {
  ...vendorVector,
  token: "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
  signature: "a99b84a261cd78d3584a0cd054f295908951e621",
} as const;
const end = 1_582_269_249_000;

function sign(token: string, expire: string): V1Credentials {
  const signature = createHmac("sha1", pair.private_key)
    .update(token + expire)
    .digest("hex");
  return { publicKey: pair.public_key, token, expire, signature };
}

function verify(
  credentials: V1Credentials,
  arrivedAt = end - 60_000,
  found: Partial<KeyPairWithAccount> = {},
  config: Pick<Config, "imagekitId" | "v1Uploads"> = { imagekitId: "demo", v1Uploads: undefined },
) {
  const byPublicKey = async (key: string) => (key === pair.public_key ? { ...pair, ...found } : undefined);
  return verifyV1Signature(
    { config, accountsByKey: { byPublicKey, noteUse: () => undefined } },
    credentials,
    arrivedAt,
  );
}

test("a signature by the vendor's formula holds until its very end, and no earlier than an hour before", async () => {
  for (const arrivedAt of [end - 1, end - 3_599_999]) {
    expect(await verify(vector, arrivedAt)).toMatchObject({ principal: { accountId: "account", imagekitId: "demo" } });
  }
  for (const arrivedAt of [end, end + 1, end - 3_600_000]) {
    await expect(verify(vector, arrivedAt)).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  }
});

test("the vendor's test vector holds, and is refused for its token alone", async () => {
  await expect(verify(vendorVector)).rejects.toMatchObject({ reason: "SIGNED_TOKEN_INVALID" });
  const wrong = { ...vendorVector, signature: vector.signature };
  await expect(verify(wrong)).rejects.toMatchObject({ reason: "SIGNATURE_INVALID" });
});

test.each([
  ["a file", "private/secret.txt"],
  ["a file in the root folder", "secret.txt"],
  ["a UUID with an extension", "6ba7b810-9dad-41d1-80b4-00c04fd430c8.jpg"],
  ["a UUID in a folder", "a/6ba7b810-9dad-41d1-80b4-00c04fd430c8"],
  ["a UUID with a query", "6ba7b810-9dad-41d1-80b4-00c04fd430c8?tr=w-100"],
  ["a UUID behind a transformation", "tr:w-100/6ba7b810-9dad-41d1-80b4-00c04fd430c8"],
  ["an encoded UUID", "%36ba7b810-9dad-41d1-80b4-00c04fd430c8"],
  ["a UUID behind a second slash", "/6ba7b810-9dad-41d1-80b4-00c04fd430c8"],
])("the signature of a URL of %s admits no upload", async (_, rest) => {
  await expect(verify(sign(rest, vector.expire))).rejects.toMatchObject({ reason: "SIGNED_TOKEN_INVALID" });
});

test("the signature of a URL without an end admits no upload, whatever it is of", async () => {
  const endless = sign(vector.token, "9999999999");
  await expect(verify(endless)).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  // What is signed can be cut elsewhere.
  const cut = { ...endless, token: `${vector.token}9`, expire: "999999999" };
  await expect(verify(cut)).rejects.toMatchObject({ reason: "SIGNED_TOKEN_INVALID" });
});

test("a token that names a file in the root folder is refused, since that file's URL may have been signed", async () => {
  const fixture = await openUploadFixture();
  const { parts, principal, stranger } = fixture;
  const check = (accountId: string, token: string) => assertNamesNoFile(parts.database.reader, accountId, token);
  try {
    await fixture.upload("hello", { fileName: vector.token, isPublished: "false" });
    await fixture.upload("hello", { fileName: vector.token.replace("6", "7"), folder: "/a" });
    await expect(check(principal.accountId, vector.token)).rejects.toMatchObject({ reason: "SIGNED_TOKEN_INVALID" });
    await check(principal.accountId, vector.token.replace("6", "7"));
    await check(stranger.accountId, vector.token);
  } finally {
    await fixture.close();
  }
});

test("the configuration speaks for its own account, and for no other", async () => {
  const on = { imagekitId: "demo", v1Uploads: true };
  expect(await verify(vector, undefined, { account_v1_uploads: 0 }, on)).toMatchObject({ principal: {} });
  const another = verify(vector, undefined, { account_v1_uploads: 0, imagekit_id: "another" }, on);
  await expect(another).rejects.toMatchObject({ reason: "SIGNATURES_SWITCHED_OFF" });
  const off = { imagekitId: "demo", v1Uploads: false };
  await expect(verify(vector, undefined, {}, off)).rejects.toMatchObject({
    reason: "SIGNATURES_SWITCHED_OFF",
    // The vendor's SDKs show the message alone.
    message: expect.stringContaining("--v1-uploads"),
    help: expect.stringContaining("sluice account set demo --v1-uploads on"),
  });
});

test.each([
  ["another token", { token: "7ba7b810-9dad-41d1-80b4-00c04fd430c8" }],
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
    await expect(verify(sign(vector.token, expire))).rejects.toMatchObject({ reason: "EXPIRE_INVALID" });
  }
});

test("a signature is good for one cut between token and expiry", async () => {
  const digits = "0123456789abcdef".repeat(4);
  const { signature } = sign(`${digits}0`, vector.expire);
  for (const [token, expire] of [
    [digits, `0${vector.expire}`],
    [`${digits}0${vector.expire.slice(0, 1)}`, vector.expire.slice(1)],
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

test("after a restore only signatures are taken that can't have been used before it", async () => {
  const restored = { restored_at: end - 3_600_000, issued_after: end - 3_600_000 };
  const expire = vector.expire;
  await expect(verify(sign(vector.token, expire), end - 60_000, restored)).rejects.toMatchObject({
    reason: "SIGNATURE_FROM_BEFORE_RESTORE",
  });
  const later = sign(vector.token, String(Number(expire) + 1));
  await expect(verify(later, end - 60_000, restored)).resolves.toBeTruthy();
  const pairs = [
    { pair: { created_at: restored.restored_at + 90_001 }, taken: true },
    // By a clock that is ahead, a pair from before the restore may look new.
    { pair: { created_at: restored.restored_at + 90_000 }, taken: false },
    { pair: { created_at: restored.restored_at + 90_001, origin: "configured" as const }, taken: false },
  ];
  for (const { pair: found, taken } of pairs) {
    const verified = verify(sign(vector.token, expire), end - 60_000, { ...restored, ...found });
    await (taken ? expect(verified).resolves.toBeTruthy() : expect(verified).rejects.toThrow("restored"));
  }
});

const principal = {
  accountId: "account",
  imagekitId: "demo",
  viewer: viewerOf("key", "account", "full"),
  key: { id: "pair", role: "full", mayOverwrite: true },
} as const;
const credentials = { publicKey: "public", token: "unique", expire: "1", signature: "s" } as const;

/** A authoriser whose every signature holds. */
function newAuthoriser({ burn = async (_input: unknown, _transformation?: string) => true } = {}) {
  const state = { burnt: 0 };
  const authoriser = signatureAuthoriser({
    verify: async () => ({ principal, digest: new Uint8Array(32) }),
    burn,
    onBurn: () => {
      state.burnt++;
    },
  });
  return { authoriser, state };
}

async function feed(authoriser: Authoriser, fields: Iterable<readonly [string, string]>): Promise<void> {
  for (const [name, value] of fields) await authoriser.field(name, value);
}

test("the four fields admit in any order, as soon as the last of them is there", async () => {
  const entries = Object.entries(credentials);
  for (let turn = 0; turn < entries.length; turn++) {
    const { authoriser, state } = newAuthoriser();
    const order = [...entries.slice(turn), ...entries.slice(0, turn)];
    await feed(authoriser, [["fileName", "a.txt"], ...order.slice(0, 3)]);
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([false, 0]);
    await feed(authoriser, [...order.slice(3), ["folder", "/x"]]);
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([true, 1]);
    expect(authoriser.close()).toEqual(principal);
  }
});

test("what is missing is named, and an empty value is missing", async () => {
  const { authoriser } = newAuthoriser();
  await feed(authoriser, Object.entries({ ...credentials, expire: "", token: "" }));
  expect(() => authoriser.close()).toThrow(
    expect.objectContaining({ reason: "SIGNATURE_MISSING", help: expect.stringContaining("Missing: token, expire.") }),
  );
});

test.each(["token", "folder"])(
  "%s given twice is refused, before and after the signature was found good",
  async (name) => {
    for (const before of [[], Object.entries(credentials)]) {
      const { authoriser } = newAuthoriser();
      await feed(authoriser, before);
      await expect(
        feed(authoriser, [
          [name, "1"],
          [name, "2"],
        ]),
      ).rejects.toMatchObject({ reason: "PARAMETER_REPEATED" });
    }
  },
);

test("lists may come as repeated parts", async () => {
  const { authoriser } = newAuthoriser();
  await feed(authoriser, [...Object.entries(credentials), ["tags[]", "a"], ["tags[]", "b"]]);
  expect(authoriser.close()).toEqual(principal);
});

test("a token that was used before is refused by its value, cut where it is long, and invites no retry", async () => {
  for (const [token, shown] of [
    ["unique", "'unique'"],
    ["x".repeat(5000), `'${"x".repeat(256)}…'`],
  ] as const) {
    const { authoriser, state } = newAuthoriser({ burn: async () => false });
    await expect(feed(authoriser, Object.entries({ ...credentials, token }))).rejects.toMatchObject({
      reason: "SIGNED_TOKEN_USED",
      message: `The token with value ${shown} has been used before. We suggest using V4 UUIDs, or another random string with enough entropy to avoid collisions.`,
    });
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([false, 1]);
  }
});

test("a token for whose upload there is no room now stays as good as it was, where that can be told", async () => {
  const seen: (string | undefined)[] = [];
  const options = {
    burn: async (_input: unknown, transformation?: string) => {
      seen.push(transformation);
      if (transformation !== undefined) throw new SluiceError("SERVER_BUSY");
      return true;
    },
  };
  const { authoriser, state } = newAuthoriser(options);
  const refused = feed(authoriser, Object.entries({ transformation: "{}", ...credentials }));
  await expect(refused).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  expect(state.burnt).toBe(0);
  await feed(newAuthoriser(options).authoriser, Object.entries({ ...credentials, transformation: "{}" }));
  expect(seen).toEqual(["{}", undefined]);
});
