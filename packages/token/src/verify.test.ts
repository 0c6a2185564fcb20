import { base64url, CompactSign } from "jose";
import { describe, expect, test } from "vitest";
import { createUploadToken } from "./mint.ts";
import { UploadTokenError } from "./upload-token-error.ts";
import { type VerifyOptions, verifyUploadToken } from "./verify.ts";

const now = 1_767_225_600;
const keys = new Map([["public_test", "private_test"]]);
const options: VerifyOptions = { findPrivateKey: (publicKey) => keys.get(publicKey), now };
const header = { alg: "HS256", typ: "JWT", kid: "public_test" };
const payload = { fileName: "a.jpg", iat: now, exp: now + 60 };
const vector =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InB1YmxpY190ZXN0In0.eyJmaWxlTmFtZSI6InBob3RvLmpwZyIsImZvbGRlciI6Ii9hIGIvIiwidGFncyI6IngseSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwfQ.N7E7KZjI1zveIPyrRLYHy-qdBmgSQATseLQTjzjJaE0";

/** Signs any header text and payload text, valid or not, the way an attacker or a careless backend could. */
async function forge(
  headerText: string | object,
  payloadText: string | object,
  secret = "private_test",
  hash = "SHA-256",
) {
  const encode = (part: string | object) => base64url.encode(typeof part === "string" ? part : JSON.stringify(part));
  const signed = `${encode(headerText)}.${encode(payloadText)}`;
  const algorithm = { name: "HMAC", hash };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  return `${signed}.${base64url.encode(new Uint8Array(signature))}`;
}

async function refusal(token: string, overrides: Partial<VerifyOptions> = {}): Promise<UploadTokenError> {
  const error = await verifyUploadToken(token, { ...options, ...overrides }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UploadTokenError);
  return error as UploadTokenError;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

test("the vector of docs/protocol/upload.md §3 verifies", async () => {
  const verified = await verifyUploadToken(vector, options);
  expect(verified).toMatchObject({ publicKey: "public_test", issuedAt: now, expiresAt: now + 3600 });
  expect([...verified.claims]).toEqual([
    ["fileName", "photo.jpg"],
    ["folder", "/a b/"],
    ["tags", "x,y"],
  ]);
  const signed = new TextEncoder().encode(vector.slice(0, vector.lastIndexOf(".")));
  expect(hex(verified.digest)).toBe(hex(new Uint8Array(await crypto.subtle.digest("SHA-256", signed))));
});

test("a token with a jti in its header verifies, its claims untouched", async () => {
  const pair = { publicKey: "public_test", privateKey: "private_test" };
  const token = await createUploadToken({ fileName: "a" }, { ...pair, expiresIn: 60, now });
  expect([...(await verifyUploadToken(token, options)).claims]).toEqual([["fileName", "a"]]);
});

test.each(["k", "private_dGVzdA==", "private_key_with_umlaut_ü"])(
  "verifies with the private key %j",
  async (privateKey) => {
    const token = await createUploadToken({ fileName: "a" }, { publicKey: "public_x", privateKey, expiresIn: 60, now });
    await expect(verifyUploadToken(token, { ...options, findPrivateKey: () => privateKey })).resolves.toBeTruthy();
    const shorter = privateKey.replace(/=+$|.$/, "");
    const error = await refusal(token, { findPrivateKey: async () => `${shorter}x` });
    expect(error.code).toBe("TOKEN_INVALID");
  },
);

describe("attacks on the algorithm (RFC 8725 §2.1, §3.1)", () => {
  test.each(["none", "None", "NONE", "nOnE"])("alg %s with an empty signature", async (alg) => {
    const unsigned = `${base64url.encode(JSON.stringify({ ...header, alg }))}.${base64url.encode(JSON.stringify(payload))}.`;
    expect((await refusal(unsigned)).code).toBe("TOKEN_INVALID");
    expect((await refusal(`${unsigned}AA`)).problem).toContain("HS256");
  });

  test.each([
    ["HS512", "SHA-512"],
    ["HS384", "SHA-384"],
    ["RS256", "SHA-256"],
    ["ES256", "SHA-256"],
    ["hs256", "SHA-256"],
  ])("alg %s, signed with the private key as an HMAC secret", async (alg, hash) => {
    const error = await refusal(await forge({ ...header, alg }, payload, "private_test", hash));
    expect(error.problem).toContain("HS256");
  });

  test("an HS512 signature under a header that says HS256", async () => {
    expect((await refusal(await forge(header, payload, "private_test", "SHA-512"))).problem).toContain("signature");
  });

  test("the public key as the secret", async () => {
    expect((await refusal(await forge(header, payload, "public_test"))).problem).toContain("signature");
  });

  test("an empty secret, even where a store holds one", async () => {
    const token = `${vector.slice(0, vector.lastIndexOf("."))}.AA`;
    expect((await refusal(token, { findPrivateKey: () => "" })).code).toBe("ACCOUNT_NOT_AUTHENTICATED");
  });
});

describe("attacks through the header (RFC 8725 §2.6, §3.10)", () => {
  test.each([
    "' OR 1=1 --",
    "../../../../dev/null",
    "public_test\0",
    "PUBLIC_TEST",
    " public_test",
    "__proto__",
    "constructor",
    "https://evil.example/key",
    "x".repeat(40_000),
  ])("the kid %j reaches the look-up as it is and finds nothing", async (kid) => {
    const asked: string[] = [];
    const error = await refusal(await forge({ ...header, kid }, payload), {
      findPrivateKey(publicKey) {
        asked.push(publicKey);
        return keys.get(publicKey);
      },
    });
    expect(error.code).toBe("ACCOUNT_NOT_AUTHENTICATED");
    expect(asked).toEqual([kid]);
    expect(error.problem).not.toContain(kid);
  });

  test("a key that the token brings along is not looked at", async () => {
    const k = base64url.encode("attacker");
    const brought = { jwk: { kty: "oct", k }, jku: "https://evil.example", x5u: "https://evil.example", x5c: [k] };
    expect((await refusal(await forge({ ...header, ...brought }, payload, "attacker"))).problem).toContain("signature");
    await expect(verifyUploadToken(await forge({ ...header, ...brought }, payload), options)).resolves.toBeTruthy();
  });

  test.each<[string, object]>([
    ["crit", { ...header, crit: ["exp"] }],
    ["unencoded payloads", { ...header, crit: ["b64"], b64: false }],
    ["no typ", { alg: "HS256", kid: "public_test" }],
    ["another typ", { ...header, typ: "JOSE" }],
    ["no kid", { alg: "HS256", typ: "JWT" }],
    ["a kid that is no string", { ...header, kid: 7 }],
  ])("%s is refused before any key is looked up", async (_, wrong) => {
    const findPrivateKey = () => {
      throw new Error("looked up");
    };
    expect((await refusal(await forge(wrong, payload), { findPrivateKey })).code).toBe("TOKEN_INVALID");
  });

  test("typ is read in any case", async () => {
    await expect(verifyUploadToken(await forge({ ...header, typ: "jwt" }, payload), options)).resolves.toBeTruthy();
  });

  test("a header in __proto__ is no header", async () => {
    const text = `{"__proto__":${JSON.stringify(header)}}`;
    expect((await refusal(await forge(text, payload))).problem).toContain("alg");
  });
});

describe("attacks on the encoding", () => {
  test("other spellings of one signature have one digest, and so are one token to the ledger", async () => {
    const { digest } = await verifyUploadToken(vector, options);
    // 32 bytes leave two unused bits in the last of 43 characters.
    const last = alphabet.indexOf(vector.at(-1) ?? "");
    expect(last % 4).toBe(0);
    for (const unused of [1, 2, 3]) {
      const spelling = vector.slice(0, -1) + alphabet[last + unused];
      expect(hex((await verifyUploadToken(spelling, options)).digest)).toBe(hex(digest));
    }
  });

  test.each([
    ["padding", `${vector}=`],
    ["a line feed at the end", `${vector}\n`],
    ["white space at the start", ` ${vector}`],
    ["white space inside", vector.replace(".", ". ")],
    ["a byte order mark", `\uFEFF${vector}`],
    ["a Bearer prefix", `Bearer ${vector}`],
    ["a fourth part", `${vector}.AA`],
    ["the JSON serialisation", JSON.stringify({ protected: vector })],
    ["a token too large to look at", `${vector}${"A".repeat(70_000)}`],
  ])("%s is refused", async (_, token) => {
    expect((await refusal(token)).code).toBe("TOKEN_INVALID");
  });

  test("a changed header or payload breaks the signature, even where only unused bits change", async () => {
    const [head = "", body = "", signature = ""] = vector.split(".");
    const next = (part: string) => part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1) ?? "") ^ 1];
    for (const token of [`${next(head)}.${body}.${signature}`, `${head}.${next(body)}.${signature}`]) {
      expect((await refusal(token)).code).toBe("TOKEN_INVALID");
    }
  });

  test.each([0, 1, 31, 33, 64])("a signature of %i bytes is refused", async (length) => {
    const unsigned = vector.slice(0, vector.lastIndexOf("."));
    const token = `${unsigned}.${base64url.encode(new Uint8Array(length))}`;
    expect((await refusal(token)).code).toBe("TOKEN_INVALID");
  });

  test("a member twice in header or payload is refused, whichever a reader would take", async () => {
    const twice = '{"alg":"none","typ":"JWT","kid":"public_test","alg":"HS256"}';
    expect((await refusal(await forge(twice, payload))).problem).toContain("twice");
    const claims = `{"folder":"/a","folder":"/b","iat":${now},"exp":${now + 60}}`;
    expect((await refusal(await forge(header, claims))).problem).toContain("twice");
  });

  test("a token inside a token is refused", async () => {
    expect((await refusal(await forge({ ...header, cty: "JWT" }, vector))).problem).toContain("not JSON");
  });

  test("claims of any name stay data", async () => {
    const text = `{"__proto__":{"polluted":"yes"},"constructor":"c","iat":${now},"exp":${now + 60}}`;
    const { claims } = await verifyUploadToken(await forge(header, text), options);
    expect([...claims.keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("claims that are not strings are kept as they are, for the comparison to refuse", async () => {
    const { claims } = await verifyUploadToken(await forge(header, { ...payload, isPrivateFile: true }), options);
    expect(claims.get("isPrivateFile")).toBe(true);
  });
});

describe("the order of the checks (docs/protocol/upload.md §3)", () => {
  const expired = { fileName: "a", iat: now - 100, exp: now - 50 };

  test("an unknown key before its signature, a bad signature before the lifetime", async () => {
    const unknown = await forge({ ...header, kid: "public_other" }, expired, "other");
    expect((await refusal(unknown)).code).toBe("ACCOUNT_NOT_AUTHENTICATED");
    expect((await refusal(await forge(header, expired, "other"))).problem).toContain("signature");
    expect((await refusal(await forge(header, expired))).code).toBe("TOKEN_EXPIRED");
  });

  test("a malformed lifetime before expiry", async () => {
    const error = await refusal(await forge(header, { ...expired, iat: now - 5000 }));
    expect(error).toMatchObject({ code: "TOKEN_INVALID", times: { now, issuedAt: now - 5000, expiresAt: now - 50 } });
  });

  test("a payload that is no object before the header's faults", async () => {
    expect((await refusal(await forge({ alg: "none" }, "[]"))).problem).toContain("payload");
  });

  test.each<[string, object]>([
    ["iat missing", { exp: now + 60 }],
    ["exp missing", { iat: now }],
    ["iat as a string", { iat: String(now), exp: now + 60 }],
    ["exp with a fraction", { iat: now, exp: now + 60.5 }],
    ["3601 seconds", { iat: now, exp: now + 3601 }],
    ["issued 61 seconds ahead", { iat: now + 61, exp: now + 120 }],
  ])("%s", async (_, claims) => {
    expect((await refusal(await forge(header, claims))).code).toBe("TOKEN_INVALID");
  });
});

test("what the key look-up throws passes through: a database that is down is not a bad token", async () => {
  const findPrivateKey = () => Promise.reject(new Error("database is down"));
  await expect(verifyUploadToken(vector, { ...options, findPrivateKey })).rejects.toThrow("database is down");
});

test("no problem echoes the token or the private key", async () => {
  const secretive = await new CompactSign(new TextEncoder().encode(JSON.stringify({ secretClaim: "secretValue" })))
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: "public_test" })
    .sign(new TextEncoder().encode("wrong"));
  for (const token of [secretive, `${vector}=`, "secretValue", vector.slice(5)]) {
    const { problem, message, stack } = await refusal(token);
    for (const text of [problem, message, stack ?? ""]) {
      expect(text).not.toMatch(/secretValue|private_test|eyJ/);
    }
  }
});
