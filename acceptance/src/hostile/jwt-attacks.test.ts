import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:net";
import { deflateRawSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Account, createAccount } from "../harness/account.ts";
import { blobFiles, spoolFiles } from "../harness/data-dir.ts";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { listFiles } from "../harness/library.ts";
import { type Listening, listen } from "../harness/listen.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { alive, breakSignature, header, signRaw, unixTime } from "../harness/raw-token.ts";
import { keys, type RunningServer, startServer } from "../harness/server.ts";
import { basic, mint, post, uploadWithToken } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

// The attacks of RFC 8725 (JSON Web Token Best Current Practices), in the order of its section 2, against the server.

const fields = { fileName: "attack.txt" } as const;

let server: RunningServer;
let stranger: Account;
let lure: Listening;
let visits = 0;
beforeAll(async () => {
  server = await startServer();
  stranger = await createAccount(server.dataDir, "stranger");
  lure = await listen(createServer(() => visits++));
});
afterAll(async () => {
  await lure?.close();
  await server?.stop();
});

/** Expects that no attack stored a file. */
afterEach(async () => {
  for (const authorization of [basic, stranger.authorization]) {
    const files = await listFiles(server.url, authorization);
    expect(files.filter(({ filePath }) => filePath.includes("attack"))).toEqual([]);
  }
  expect(await spoolFiles(server.dataDir)).toEqual([]);
  expect(visits).toBe(0);
  expect(alarmsOf(server)).toEqual([]);
});

const base64url = (text: string | Uint8Array): string => Buffer.from(text as string).toString("base64url");

async function refuse(token: string, reason = "TOKEN_INVALID"): Promise<void> {
  const blobs = await blobFiles(server.dataDir);
  const status = reason === "ACCOUNT_NOT_AUTHENTICATED" ? 403 : 400;
  const tokenFirst = [textPart("token", token), ...textParts(fields), filePart("hello")];
  expectRefusal(await post(server.url, tokenFirst), status, reason);
  expectRefusal(await uploadWithToken(server.url, "hello", fields, token), status, reason);
  expect(await blobFiles(server.dataDir)).toEqual(blobs);
}

/** A token whose `header.payload` is signed by the given function. */
function signedBy(members: Record<string, unknown>, signature: (signed: string) => Uint8Array): string {
  const signed = `${base64url(JSON.stringify(header(members)))}.${base64url(JSON.stringify(alive(fields)))}`;
  return `${signed}.${base64url(signature(signed))}`;
}

describe("§2.1 weak signatures and insufficient validation", () => {
  test.each(["none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "HS256\0"])("alg %j", async (alg) => {
    const token = signRaw({ header: header({ alg }), payload: alive(fields) });
    await refuse(token);
    const unsigned = token.slice(0, token.lastIndexOf(".") + 1);
    await refuse(unsigned);
    await refuse(`${unsigned}AA`);
  });

  test("an alg that is no text", async () => {
    for (const alg of [null, true, 256, ["HS256"], { toString: "HS256" }]) {
      await refuse(signRaw({ header: header({ alg }), payload: alive(fields) }));
    }
  });

  test("the public key taken for a shared secret, under an asymmetric algorithm's name and without", async () => {
    for (const alg of ["RS256", "ES256", "PS256", "EdDSA", "HS256"]) {
      await refuse(signRaw({ header: header({ alg }), payload: alive(fields), privateKey: keys.publicKey }));
    }
  });

  test("a signature by a key that nobody here knows, under every algorithm", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const ed = generateKeyPairSync("ed25519").privateKey;
    await refuse(signedBy({ alg: "RS256" }, (signed) => sign("sha256", Buffer.from(signed), rsa)));
    await refuse(signedBy({ alg: "ES256" }, (signed) => sign("sha256", Buffer.from(signed), ec)));
    await refuse(signedBy({ alg: "EdDSA" }, (signed) => sign(null, Buffer.from(signed), ed)));
    for (const alg of ["HS384", "HS512"]) {
      await refuse(signRaw({ header: header({ alg }), payload: alive(fields), hash: `sha${alg.slice(2)}` }));
    }
  });

  test("signatures of zeros, of one byte, of too many and of too few", async () => {
    for (const length of [1, 16, 31, 32, 33, 64, 256]) await refuse(signedBy({}, () => new Uint8Array(length)));
    await refuse(signedBy({ alg: "ES256" }, () => new Uint8Array(64)));
  });

  test("the right signature cut short, or made with another hash of the right length", async () => {
    const right = (signed: string) => createHmac("sha256", keys.privateKey).update(signed).digest();
    for (const length of [16, 28, 31]) await refuse(signedBy({}, (signed) => right(signed).subarray(0, length)));
    await refuse(signedBy({}, (signed) => createHmac("sha512-256", keys.privateKey).update(signed).digest()));
  });

  test("a changed token uses up nothing: the one that it was made of still works", async () => {
    const good = { fileName: "good.txt" };
    const token = mint(good);
    const [head, payload, signature] = token.split(".");
    const other = base64url(JSON.stringify(alive({ ...good, isPublished: "false" })));
    expectRefusal(await uploadWithToken(server.url, "x", good, breakSignature(token)), 400, "TOKEN_INVALID");
    expectRefusal(await uploadWithToken(server.url, "x", good, `${head}.${other}.${signature}`), 400, "TOKEN_INVALID");
    expectRefusal(await uploadWithToken(server.url, "x", good, `${head}.${payload}.`), 400, "TOKEN_INVALID");
    expectStored(await uploadWithToken(server.url, "x", good, token));
  });
});

describe("§2.2 weak symmetric keys", () => {
  test("an empty secret, and secrets that everybody knows, open nothing", async () => {
    for (const privateKey of ["", "\0", "secret", "private_test", keys.privateKey.slice(0, -1)]) {
      await refuse(signRaw({ payload: alive(fields), privateKey }));
      const unknown = header({ kid: "public_unknown" });
      await refuse(signRaw({ header: unknown, payload: alive(fields), privateKey }), "ACCOUNT_NOT_AUTHENTICATED");
    }
  });
});

describe("§2.3 encryption and signature put together", () => {
  test("an encrypted token, whatever its key management asks the server to compute", async () => {
    for (const [alg, more] of [
      ["dir", {}],
      ["A128KW", {}],
      ["RSA1_5", {}],
      ["ECDH-ES", { epk: { kty: "EC", crv: "P-256", x: base64url("x"), y: base64url("y") } }],
      ["PBES2-HS256+A128KW", { p2s: base64url("salt"), p2c: 2_147_483_647 }],
    ] as const) {
      const protectedHeader = base64url(JSON.stringify(header({ alg, enc: "A128CBC-HS256", ...more })));
      await refuse([protectedHeader, base64url("key"), base64url("iv"), base64url("text"), base64url("tag")].join("."));
      await refuse(signRaw({ header: header({ alg, enc: "A128GCM", ...more }), payload: alive(fields) }));
    }
  });

  test("a token inside a token", async () => {
    await refuse(signRaw({ header: header({ cty: "JWT" }), payload: mint(fields) }));
    await refuse(signRaw({ header: header({ cty: "JWT" }), payload: JSON.stringify(mint(fields)) }));
  });

  test("the JSON serialisations of a signature", async () => {
    const [protectedHeader, payload, signature] = mint(fields).split(".");
    await refuse(JSON.stringify({ payload, protected: protectedHeader, signature }));
    await refuse(JSON.stringify({ payload, signatures: [{ protected: protectedHeader, signature }] }));
  });
});

describe("§2.4 compression", () => {
  test("a payload that unpacks to a gigabyte is not unpacked", async () => {
    const bomb = deflateRawSync(Buffer.alloc(32 * 1024 * 1024));
    const signed = `${base64url(JSON.stringify(header({ zip: "DEF" })))}.${bomb.toString("base64url")}`;
    const started = performance.now();
    await refuse(`${signed}.${createHmac("sha256", keys.privateKey).update(signed).digest("base64url")}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("§2.6 many encodings of one JSON", () => {
  const text = JSON.stringify(alive(fields));
  const signedPayload = (payload: Uint8Array): string => {
    const signed = `${base64url(JSON.stringify(header()))}.${base64url(payload)}`;
    return `${signed}.${createHmac("sha256", keys.privateKey).update(signed).digest("base64url")}`;
  };

  test("UTF-16, a byte order mark, overlong UTF-8 and bytes that are no text", async () => {
    await refuse(signedPayload(Buffer.from(text, "utf16le")));
    await refuse(signedPayload(Buffer.from(`\ufeff${text}`)));
    await refuse(signedPayload(Buffer.from(text.replace("attack", "\xc1\xa1ttack"), "latin1")));
    await refuse(signedPayload(Buffer.from(text.replace("attack", "\xed\xa0\x80"), "latin1")));
  });

  test("a name that is there twice, once of them in escapes", async () => {
    await refuse(signRaw({ payload: text.replace("{", '{"file\\u004eame":"other.txt",') }));
    await refuse(signRaw({ header: JSON.stringify(header()).replace("{", '{"\\u0061lg":"none",'), payload: text }));
  });

  test("half a surrogate pair, which the form can only carry as something else", async () => {
    const payload = JSON.stringify(alive(fields)).replace("attack.txt", "attack\\ud800");
    const token = signRaw({ payload });
    const answer = await uploadWithToken(server.url, "x", { fileName: "attack\ufffd" }, token);
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
  });

  test("white space, a comment, a trailing comma or a second value around the JSON", async () => {
    for (const payload of [`${text},`, `${text}/**/`, text.replace(/}$/, ",}"), `${text}{}`, `[${text}]`, "null"]) {
      await refuse(signRaw({ payload }));
    }
  });
});

describe("§2.7 substitution", () => {
  test("a token of another account does not open this one, whosever key it names", async () => {
    await refuse(signRaw({ payload: alive(fields), privateKey: stranger.privateKey }));
    const forged = signRaw({ header: header({ kid: stranger.publicKey }), payload: alive(fields) });
    await refuse(forged);
  });

  test("a token stores for the account that signed it, and nowhere else", async () => {
    const own = header({ kid: stranger.publicKey });
    const good = { fileName: "own.txt", folder: "/shared", useUniqueFileName: "false" };
    const token = signRaw({ header: own, payload: alive(good), privateKey: stranger.privateKey });
    const answer = await uploadWithToken(server.url, "mine", good, token);
    expectStored(answer);
    expect(answer.body.url).toBe(`${server.url}/stranger/shared/own.txt`);
    expect((await fetch(`${server.url}/demo/shared/own.txt`)).status).toBe(404);
  });
});

describe("§2.8 tokens of another kind", () => {
  test.each(["at+jwt", "dpop+jwt", "secevent+jwt", "JWT\0", "application/jwt", "JOSE"])("typ %j", async (typ) => {
    await refuse(signRaw({ header: header({ typ }), payload: alive(fields) }));
  });

  test("an access token's claims are claims that the form does not have", async () => {
    const claims = { ...fields, iss: "https://issuer.example", sub: "user", aud: "uploads", scope: "upload" };
    const answer = await uploadWithToken(server.url, "x", fields, signRaw({ payload: alive(claims) }));
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
  });

  test("a token of V2 opens nothing on V1, and is not used up there", async () => {
    const good = { fileName: "versions.txt" };
    const token = mint(good);
    const parts = [filePart("x"), ...textParts(good), textPart("token", token)];
    expectRefusal(await post(server.url, parts, { version: 1 }), 400, "SIGNATURE_MISSING");
    expectStored(await post(server.url, parts));
  });

  test("a signature of V1 opens nothing on V2", async () => {
    const expire = String(unixTime() + 600);
    const token = "6f1c2c7e-3f0a-4d8e-9a3b-0d7f5a1e2b4c";
    const signature = createHmac("sha1", keys.privateKey)
      .update(token + expire)
      .digest("hex");
    const v1 = { publicKey: keys.publicKey, expire, signature, token };
    expectRefusal(await post(server.url, [...textParts({ ...fields, ...v1 }), filePart("x")]), 400, "TOKEN_INVALID");
  });
});

describe("§2.9 indirect attacks on the server", () => {
  test.each([
    "' or 1=1 --",
    "public_test' union select 'x",
    "../../../../dev/null",
    "/proc/self/environ",
    "public_test\0",
    "public_test ",
    "PUBLIC_TEST",
    "ｐublic_test",
    "%",
    "public\\_test",
    "public_%",
    "p".repeat(8_000),
    "__proto__",
    "$(id)",
    "http://127.0.0.1/",
  ])("the kid %j names no key", async (kid) => {
    const token = (privateKey: string) => signRaw({ header: header({ kid }), payload: alive(fields), privateKey });
    await refuse(token(keys.privateKey), "ACCOUNT_NOT_AUTHENTICATED");
    await refuse(token(""), "ACCOUNT_NOT_AUTHENTICATED");
  });

  test("addresses of keys are not visited, and keys that come along are not used", async () => {
    const url = `http://127.0.0.1:${lure.port}/keys.json`;
    const jwk = { kty: "oct", k: base64url("private_other") };
    const members = { jku: url, x5u: url, jwk, x5c: [base64url("certificate")], "x5t#S256": "x", iss: url };
    await refuse(signRaw({ header: header(members), payload: alive(fields), privateKey: "private_other" }));
    await refuse(
      signRaw({ header: header({ ...members, kid: url }), payload: alive(fields), privateKey: "private_other" }),
      "ACCOUNT_NOT_AUTHENTICATED",
    );
  });

  test("extensions that would change what is signed are refused, or change nothing", async () => {
    await refuse(signRaw({ header: header({ crit: ["b64"], b64: false }), payload: alive(fields) }));
    await refuse(signRaw({ header: header({ crit: [] }), payload: alive(fields) }));
    const [head] = signRaw({ header: header({ b64: false }), payload: alive(fields) }).split(".");
    const signed = `${head}.${JSON.stringify(alive(fields))}`;
    await refuse(`${signed}.${createHmac("sha256", keys.privateKey).update(signed).digest("base64url")}`);
  });

  test("a header or a payload nested thousands deep costs nothing", async () => {
    const started = performance.now();
    for (const deep of ["[", '{"a":']) {
      await refuse(signRaw({ header: `{"alg":"HS256","x":${deep.repeat(8_000)}`, payload: alive(fields) }));
      await refuse(signRaw({ payload: deep.repeat(8_000) }));
    }
    const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const claims = signRaw({ payload: JSON.stringify(alive(fields)).replace("{", `{"x":${nested},`) });
    expectRefusal(await uploadWithToken(server.url, "x", fields, claims), 400, "PAYLOAD_MISMATCH");
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
