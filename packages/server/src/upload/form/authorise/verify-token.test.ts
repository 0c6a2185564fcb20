import { createUploadToken, verifyUploadToken } from "@sluice/token";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeCrypto } from "./verify-token.ts";

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
