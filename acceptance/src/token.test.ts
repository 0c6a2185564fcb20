import { constants, generateKeyPairSync, sign } from "node:crypto";
import jsonwebtoken from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { alive, breakSignature, header, signRaw, unixTime } from "./harness/raw-token.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { mint, post, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const fields = { fileName: "claims.txt" } as const;

function send(token: string, form: Readonly<Record<string, string>> = fields) {
  return uploadWithToken(server.url, "hello", form, token);
}

describe("the header", () => {
  test("the guide's token is accepted: HS256, JWT, the public key as kid", async () => {
    const token = jsonwebtoken.sign({ fileName: "guide.txt" }, keys.privateKey, {
      expiresIn: 60,
      header: { alg: "HS256", typ: "JWT", kid: keys.publicKey },
    });
    expectStored(await send(token, { fileName: "guide.txt" }));
  });

  test("alg HS384, HS512, RS256, PS256 and none are refused", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const rsa = (alg: string, padding: number): string => {
      const [signed] = splitSignature(signRaw({ header: header({ alg }), payload: alive(fields) }));
      const signature = sign("sha256", Buffer.from(signed), { key: privateKey, padding });
      return `${signed}.${signature.toString("base64url")}`;
    };
    const [unsigned] = splitSignature(signRaw({ header: header({ alg: "none" }), payload: alive(fields) }));
    const tokens = [
      signRaw({ header: header({ alg: "HS384" }), payload: alive(fields), hash: "sha384" }),
      signRaw({ header: header({ alg: "HS512" }), payload: alive(fields), hash: "sha512" }),
      rsa("RS256", constants.RSA_PKCS1_PADDING),
      rsa("PS256", constants.RSA_PKCS1_PSS_PADDING),
      `${unsigned}.`,
      signRaw({ header: header({ alg: "none" }), payload: alive(fields) }),
      signRaw({ header: header({ alg: "hs256" }), payload: alive(fields) }),
      signRaw({ header: header({ alg: undefined }), payload: alive(fields) }),
    ];
    for (const token of tokens) expectRefusal(await send(token), 400, "TOKEN_INVALID");
  });

  test("a kid that is missing, empty or no string is refused", async () => {
    for (const kid of [undefined, "", 7, null, [keys.publicKey]]) {
      const token = signRaw({ header: header({ kid }), payload: alive(fields) });
      expectRefusal(await send(token), 400, "TOKEN_INVALID");
    }
  });

  test("an unknown kid is refused with 403, and so is one that looks like a path or a query", async () => {
    for (const kid of ["public_other", "../../public_test", "' or '1'='1", "public_test\u0000", "PUBLIC_TEST"]) {
      const token = signRaw({ header: header({ kid }), payload: alive(fields) });
      expectRefusal(await send(token), 403, "ACCOUNT_NOT_AUTHENTICATED");
    }
  });

  test("members that would bring a key along are not read", async () => {
    const jwk = { kty: "oct", k: Buffer.from("private_other").toString("base64url") };
    const members = header({ jwk, jku: "http://127.0.0.1:9/keys", x5u: "http://127.0.0.1:9/", x5c: ["AA"] });
    const foreign = signRaw({ header: members, payload: alive(fields), privateKey: "private_other" });
    expectRefusal(await send(foreign), 400, "TOKEN_INVALID");
    expectStored(await send(signRaw({ header: members, payload: alive(fields) })));
  });
});

describe("the signature", () => {
  test("a token signed with another key, or changed afterwards, is refused", async () => {
    expectRefusal(await send(mint(fields, { privateKey: "private_other" })), 400, "TOKEN_INVALID");
    expectRefusal(await send(mint(fields, { privateKey: keys.publicKey })), 400, "TOKEN_INVALID");
    expectRefusal(await send(breakSignature(mint(fields))), 400, "TOKEN_INVALID");
    const [head, , signature] = mint(fields).split(".");
    const claims = Buffer.from(JSON.stringify(alive({ fileName: "other.txt" }))).toString("base64url");
    expectRefusal(await send(`${head}.${claims}.${signature}`, { fileName: "other.txt" }), 400, "TOKEN_INVALID");
  });

  test("a signature that is cut short, empty or of other length is refused", async () => {
    const [signed, signature] = splitSignature(mint(fields));
    for (const wrong of ["", signature.slice(0, 22), `${signature}AAAA`, signature.repeat(2)]) {
      expectRefusal(await send(`${signed}.${wrong}`), 400, "TOKEN_INVALID");
    }
    expectStored(await send(`${signed}.${signature}`));
  });

  test("padding, white space and the other base64 alphabet are refused, not repaired", async () => {
    const token = mint(fields);
    const [head = "", payload = "", signature = ""] = token.split(".");
    const spellings = [
      `${token}=`,
      `${head}=.${payload}.${signature}`,
      `${head}.${payload}==.${signature}`,
      `${token}\n`,
      ` ${token}`,
      `${token} `,
      `${head}. ${payload}.${signature}`,
      `${head}.${payload}.${signature.slice(0, -1)}+`,
      `${head}.${payload}.${signature.slice(0, -1)}/`,
    ];
    for (const spelling of spellings) expectRefusal(await send(spelling), 400, "TOKEN_INVALID");
    expectStored(await send(token));
  });
});

describe("what is no token", () => {
  test.each([
    ["a UUID", "6f1c2c7e-3f0a-4d8e-9a3b-0d7f5a1e2b4c"],
    ["two parts", "e30.e30"],
    ["four parts", "e30.e30.e30.e30"],
    ["empty parts", ".."],
    ["no base64", "{}.{}.{}"],
    ["no JSON in the header", signRaw({ header: "no JSON", payload: alive(fields) })],
    ["no JSON in the payload", signRaw({ payload: "no JSON" })],
    ["an array as payload", signRaw({ payload: "[]" })],
    ["a number as header", signRaw({ header: "7", payload: alive(fields) })],
  ])("%s is refused as invalid", async (_what, token) => {
    expectRefusal(await send(token), 400, "TOKEN_INVALID");
  });

  test("bytes that are not UTF-8 in the payload are refused", async () => {
    const [head] = mint(fields).split(".");
    const payload = Buffer.concat([Buffer.from('{"fileName":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expectRefusal(await send(`${head}.${payload.toString("base64url")}.AAAA`), 400, "TOKEN_INVALID");
  });

  test("a claim given twice in the JSON is refused", async () => {
    const { iat, exp } = alive({});
    const payload = `{"fileName":"other.txt","fileName":"claims.txt","iat":${iat},"exp":${exp}}`;
    expectRefusal(await send(signRaw({ payload })), 400, "TOKEN_INVALID");
  });
});

describe("the lifetime", () => {
  test("exactly 3600 seconds pass, 3601 do not", async () => {
    expectStored(await send(signRaw({ payload: alive(fields, 3600) })));
    const answer = await send(signRaw({ payload: alive(fields, 3601) }));
    expectRefusal(answer, 400, "TOKEN_INVALID");
    expect(answer.body.help).toContain("3600");
  });

  test.each(["iat", "exp"])("a token without %s is refused", async (claim) => {
    const payload = Object.fromEntries(Object.entries(alive(fields)).filter(([name]) => name !== claim));
    const answer = await send(signRaw({ payload }));
    expectRefusal(answer, 400, "TOKEN_INVALID");
    expect(answer.body.help).toContain(claim);
  });

  test("an expired token is told from an invalid one, with the server's time, iat and exp", async () => {
    const [iat, exp] = [unixTime() - 120, unixTime() - 60];
    const answer = await send(signRaw({ payload: { ...fields, iat, exp } }));
    expectRefusal(answer, 400, "TOKEN_EXPIRED");
    const [, serverTime] = /server time (\d+)/.exec(answer.body.help) ?? [];
    expect(Math.abs(Number(serverTime) - unixTime())).toBeLessThan(30);
    expect(answer.body.help).toContain(`iat ${iat}`);
    expect(answer.body.help).toContain(`exp ${exp}`);
  });

  test("a token is expired in the very second of its exp", async () => {
    const now = unixTime();
    expectRefusal(await send(signRaw({ payload: { ...fields, iat: now - 60, exp: now } })), 400, "TOKEN_EXPIRED");
  });
});

describe("the test vector", () => {
  const vector =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InB1YmxpY190ZXN0In0.eyJmaWxlTmFtZSI6InBob3RvLmpwZyIsImZvbGRlciI6Ii9hIGIvIiwidGFncyI6IngseSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwfQ.N7E7KZjI1zveIPyrRLYHy-qdBmgSQATseLQTjzjJaE0";
  const form = { fileName: "photo.jpg", folder: "/a b/", tags: "x,y" } as const;

  test("its key, header and claims make this token, whose signature the server finds good and whose time is over", async () => {
    const claims = { ...form, iat: 1767225600, exp: 1767229200 };
    const made = jsonwebtoken.sign(claims, "private_test", {
      header: { alg: "HS256", typ: "JWT", kid: "public_test" },
    });
    expect(made).toBe(vector);
    const other = await startServer({ flags: ["--private-key", "private_test"] });
    try {
      const post = (token: string) => uploadWithToken(other.url, "hello", form, token);
      expectRefusal(await post(vector), 400, "TOKEN_EXPIRED");
      expectRefusal(await post(breakSignature(vector)), 400, "TOKEN_INVALID");
      const stored = await post(signRaw({ payload: alive(form), privateKey: "private_test" }));
      expectStored(stored);
      expect(stored.body.filePath).toMatch(/^\/a_b\/photo_[\w-]+\.jpg$/);
    } finally {
      await other.stop();
    }
  });
});

test("the first failure in the order of verification is the one that is named", async () => {
  const spent = mint(fields);
  expectStored(await send(spent));
  const { iat, exp } = { iat: unixTime() - 120, exp: unixTime() - 60 };
  const wrongName = { ...fields, tags: "unsigned" };
  const cases: [reason: string, token: string, form?: Record<string, string>][] = [
    ["TOKEN_INVALID", signRaw({ header: header({ alg: "none", kid: "public_other" }), payload: alive(fields) })],
    ["ACCOUNT_NOT_AUTHENTICATED", signRaw({ header: header({ kid: "public_other" }), payload: { iat, exp } })],
    ["TOKEN_INVALID", breakSignature(signRaw({ payload: { ...fields, iat, exp } }))],
    ["TOKEN_INVALID", signRaw({ payload: { ...fields, iat: iat - 7200, exp } })],
    ["TOKEN_EXPIRED", signRaw({ payload: { ...fields, iat, exp } }), wrongName],
    ["TOKEN_USED", spent, wrongName],
    ["PAYLOAD_MISMATCH", mint({ ...fields, overwriteFile: "maybe" }), { ...wrongName, overwriteFile: "maybe" }],
    ["PARAMETER_INVALID", mint({ ...fields, overwriteFile: "maybe" }), { ...fields, overwriteFile: "maybe" }],
  ];
  for (const [reason, token, form = fields] of cases) {
    // Sent without a file, because a missing file is reported last.
    const answer = await post(server.url, [textPart("token", token), ...textParts(form)]);
    expectRefusal(answer, reason === "ACCOUNT_NOT_AUTHENTICATED" ? 403 : 400, reason);
  }
  expectRefusal(
    await post(server.url, [textPart("token", mint(fields)), ...textParts(fields), filePart("")]),
    400,
    "FILE_MISSING",
  );
});

function splitSignature(token: string): [signed: string, signature: string] {
  const dot = token.lastIndexOf(".");
  return [token.slice(0, dot), token.slice(dot + 1)];
}
