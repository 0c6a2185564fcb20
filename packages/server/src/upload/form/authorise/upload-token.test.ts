import { SluiceError } from "@sluice/protocol";
import { createUploadToken, verifyUploadToken } from "@sluice/token";
import fc from "fast-check";
import { expect, test } from "vitest";
import { viewerOf } from "../../../access/viewer.ts";
import type { Authoriser } from "./authoriser.ts";
import { nodeCrypto, tokenAuthoriser } from "./upload-token.ts";

const principal = {
  accountId: "account",
  imagekitId: "demo",
  viewer: viewerOf("key", "account", "full"),
  key: { id: "pair", role: "full", mayOverwrite: true },
} as const;

/** A authoriser whose every token is good, and claims a name, a folder and tags. */
function newAuthoriser({
  burn = async () => true,
  claims: claimed = { fileName: "a.txt", folder: "/a", tags: "x" } as Readonly<Record<string, string>>,
} = {}) {
  const state = { burnt: false };
  const claims = new Map(Object.entries(claimed));
  const authoriser = tokenAuthoriser({
    verify: async () => ({
      token: { publicKey: "public", claims, issuedAt: 1000, expiresAt: 2000, digest: new Uint8Array(32) },
      principal,
    }),
    burn,
    onBurn: () => {
      state.burnt = true;
    },
  });
  return { authoriser, state };
}

async function feed(authoriser: Authoriser, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await authoriser.field(name, value);
}

test("a complete form that is exactly what was signed passes", async () => {
  const { authoriser, state } = newAuthoriser();
  await feed(authoriser, { token: "token", tags: "x", fileName: "a.txt", folder: "/a" });
  expect(authoriser.close()).toEqual(principal);
  expect(state.burnt).toBe(true);
});

test("while the form still arrives, a refusal names what was found and not what may be yet to come", async () => {
  const { authoriser } = newAuthoriser();
  await feed(authoriser, { token: "token", fileName: "a.txt" });
  await expect(feed(authoriser, { folder: "/b", tags: "x" })).rejects.toMatchObject({
    reason: "PAYLOAD_MISMATCH",
    help: expect.stringMatching(/^(?!.*not in the form).*with another value in the form than in the token: folder\b/),
  });
});

test("a signed list may come entry by entry, before the token and after it, and no entry more", async () => {
  const claims = { fileName: "a.txt", tags: "x,y,z" };
  const judge = async (fields: readonly (readonly [string, string])[]) => {
    const { authoriser } = newAuthoriser({ claims });
    for (const [name, value] of fields) await authoriser.field(name, value);
    return authoriser.close();
  };
  const tag = (value: string) => ["tags", value] as const;
  const rest = [["fileName", "a.txt"] as const, ["token", "token"] as const];
  const entries = ["x", "y", "z"].map(tag);
  expect(await judge([...entries, ...rest])).toEqual(principal);
  expect(await judge([...rest, ...entries])).toEqual(principal);
  expect(await judge([tag("x"), ...rest, tag("y"), tag("z")])).toEqual(principal);
  for (const refused of [
    [...rest, tag("x"), tag("y")],
    [...rest, ...entries, tag("z")],
    [...rest, tag("y")],
    [...rest, tag("x,y,z"), tag("x,y,z")],
    [...entries, ["tags[]", "z"] as const, ...rest],
  ]) {
    await expect(judge(refused), JSON.stringify(refused)).rejects.toMatchObject({ reason: "PAYLOAD_MISMATCH" });
  }
});

test("once the form is complete, what is missing is named", async () => {
  const { authoriser } = newAuthoriser();
  await feed(authoriser, { token: "token", fileName: "a.txt" });
  expect(() => authoriser.close()).toThrow(
    expect.objectContaining({
      reason: "PAYLOAD_MISMATCH",
      help: expect.stringContaining("in the token, but not in the form: folder, tags"),
    }),
  );
});

test("a token that was used before is refused, and no answer after it may invite a retry", async () => {
  const { authoriser, state } = newAuthoriser({ burn: async () => false });
  await expect(feed(authoriser, { token: "token" })).rejects.toMatchObject({ reason: "TOKEN_USED" });
  expect(state.burnt).toBe(true);
  expect(authoriser.admitted).toBeUndefined();
});

test("a token for whose upload there is no room now stays as good as it was", async () => {
  const { authoriser, state } = newAuthoriser({
    burn: async () => {
      throw new SluiceError("SERVER_BUSY");
    },
  });
  await expect(feed(authoriser, { token: "token" })).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  expect(state.burnt).toBe(false);
  expect(authoriser.token).toBeUndefined();
});

const keyPair = { publicKey: "public_test", privateKey: "private_test=" };

test("tokens are judged as WebCrypto judges them, and known by the same digest", async () => {
  const changed = fc.option(fc.tuple(fc.nat(), fc.constantFrom(..."AQgw_-09")), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme-ascii" }), changed, async (description, change) => {
      const minted = await createUploadToken(
        { fileName: "a.txt", description },
        { ...keyPair, expiresIn: 60, now: 1000 },
      );
      const place = change === undefined ? 0 : minted.lastIndexOf(".") + 1 + (change[0] % 43);
      const token = change === undefined ? minted : minted.slice(0, place) + change[1] + minted.slice(place + 1);
      const options = { findPrivateKey: () => keyPair.privateKey, now: 1001 };
      const [node, web] = await Promise.allSettled([
        verifyUploadToken(token, { ...options, crypto: nodeCrypto }),
        verifyUploadToken(token, options),
      ]);
      expect(node).toEqual(web);
    }),
  );
});

test("a signature of another length is refused", () => {
  const signed = new TextEncoder().encode("a.b");
  for (const length of [0, 1, 31, 33])
    expect(nodeCrypto.hmacHolds(signed, new Uint8Array(length), "private_test")).toBe(false);
});
