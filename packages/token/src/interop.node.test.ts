import { Buffer } from "node:buffer";
import jsonwebtoken from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { canonicalParameters } from "./canonical.ts";
import { matchPayload } from "./match.ts";
import { createUploadToken } from "./mint.ts";
import { verifyUploadToken } from "./verify.ts";

const publicKey = "public_test";

describe.each(["private_test", "private_dGVzdA==", "k"])("with the private key %j", (privateKey) => {
  const findPrivateKey = (kid: string) => (kid === publicKey ? privateKey : undefined);

  /** Mints as the guide's sample backend does, down to the header. */
  const guideToken = (uploadPayload: object, expire: number) =>
    jsonwebtoken.sign(uploadPayload, privateKey, {
      expiresIn: expire,
      header: { alg: "HS256", typ: "JWT", kid: publicKey },
    });

  test.each([60, 3600])(
    "a token of the guide's backend, valid for %i s, verifies and matches its form",
    async (expire) => {
      const uploadPayload = {
        fileName: "Grüße 😀.jpg",
        useUniqueFileName: "true",
        tags: "nice,copy",
        folder: "/dummy/folder/",
      };
      const token = guideToken(uploadPayload, expire);
      const verified = await verifyUploadToken(token, { findPrivateKey, now: Date.now() / 1000 });
      expect(verified.expiresAt - verified.issuedAt).toBe(expire);
      expect(matchPayload(verified.claims, Object.entries(uploadPayload))).toBeUndefined();
    },
  );

  test("a lifetime of more than an hour is refused", async () => {
    const token = guideToken({ fileName: "a" }, 3601);
    await expect(verifyUploadToken(token, { findPrivateKey, now: Date.now() / 1000 })).rejects.toThrow("3601 s");
  });

  test("our token passes jsonwebtoken's verification, with and without a jti", async () => {
    for (const tokenId of [undefined, false, "x"] as const) {
      const parameters = { fileName: "é.jpg", tags: ["a", "b"], isPrivateFile: true, customMetadata: { a: "b\nc" } };
      const token = await createUploadToken(parameters, { publicKey, privateKey, expiresIn: 60, tokenId });
      const decoded = jsonwebtoken.verify(token, privateKey, { algorithms: ["HS256"], complete: true });
      expect(decoded.header).toMatchObject({ alg: "HS256", typ: "JWT", kid: publicKey });
      const { iat, exp, ...claims } = decoded.payload as jsonwebtoken.JwtPayload;
      expect(claims).toEqual({ ...canonicalParameters(parameters) });
      expect(Number(exp) - Number(iat)).toBe(60);
    }
  });

  test("byte for byte the same token as jsonwebtoken's", async () => {
    const token = guideToken({ fileName: "a.jpg", folder: "/a b/" }, 60);
    const { iat } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const options = { publicKey, privateKey, expiresIn: 60, now: iat, tokenId: false } as const;
    expect(await createUploadToken({ fileName: "a.jpg", folder: "/a b/" }, options)).toBe(token);
  });
});

test("jsonwebtoken's other algorithms and missing headers are refused", async () => {
  const verify = (token: string) =>
    verifyUploadToken(token, { findPrivateKey: () => "private_test", now: Date.now() / 1000 });
  const header = { typ: "JWT", kid: publicKey };
  for (const alg of ["HS384", "HS512", "none"] as const) {
    const secret = alg === "none" ? "" : "private_test";
    const token = jsonwebtoken.sign({ fileName: "a" }, secret, {
      algorithm: alg,
      expiresIn: 60,
      header: { alg, ...header },
    });
    await expect(verify(token)).rejects.toMatchObject({ code: "TOKEN_INVALID" });
  }
  await expect(verify(jsonwebtoken.sign({ fileName: "a" }, "private_test", { expiresIn: 60 }))).rejects.toThrow("kid");
});
