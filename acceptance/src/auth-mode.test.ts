import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeDatabase } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { basicFor } from "./harness/private-key.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--v1-uploads"] });
});
afterAll(() => server?.stop());

const fields = { fileName: "mode.txt" } as const;

function postWith(parts: Readonly<Record<string, string>>, options: Parameters<typeof post>[2] = {}) {
  return post(server.url, [...textParts({ ...fields, ...parts }), filePart("hello")], options);
}

describe("with Basic authentication", () => {
  test.each([1, 2] as const)("V%i without client credentials is server mode", async (version) => {
    expectStored(await uploadBasic(server.url, "hello", fields, { version }));
  });

  test("V1 with a signature beside it is refused", async () => {
    expectRefusal(
      await postWith({ signature: "0".repeat(40) }, { version: 1, authorization: basic }),
      400,
      "SIGNATURE_AND_BASIC_AUTH",
    );
  });

  test("V2 with a token beside it is refused, and the token stays unused", async () => {
    const token = mint(fields);
    expectRefusal(await postWith({ token }, { authorization: basic }), 400, "TOKEN_AND_BASIC_AUTH");
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
  });

  test("V2 with an empty token beside it is refused all the same", async () => {
    expectRefusal(await postWith({ token: "" }, { authorization: basic }), 400, "TOKEN_AND_BASIC_AUTH");
  });

  test("each version only objects to its own client credentials", async () => {
    expectStored(await postWith({ token: "anything" }, { version: 1, authorization: basic }));
    expectStored(await postWith({ signature: "anything" }, { version: 2, authorization: basic }));
  });

  test.each(["", "do_not_set", "a:b:c", "pässword"])("the password '%s' is ignored", async (password) => {
    expectStored(
      await uploadBasic(server.url, "hello", fields, { authorization: basicFor(keys.privateKey, password) }),
    );
  });

  test.each([
    ["as it is", `Basic ${keys.privateKey}`],
    ["with a colon behind it", `Basic ${keys.privateKey}:`],
    ["under a scheme in lower case", `basic ${keys.privateKey}`],
  ])("the key may be sent without base64, %s", async (_how, authorization) => {
    expectStored(await uploadBasic(server.url, "hello", fields, { authorization }));
  });

  test("a private key may end in =", async () => {
    expect(keys.privateKey).toMatch(/=$/);
    expectStored(await uploadBasic(server.url, "hello", fields, { authorization: basicFor("private_test=") }));
    expectRefusal(
      await uploadBasic(server.url, "hello", fields, { authorization: basicFor("private_test") }),
      403,
      "ACCOUNT_NOT_AUTHENTICATED",
    );
  });

  test.each(["/api/v1/files/upload", "/api/v2/files/upload", "/v1/files"])(
    "a wrong key is refused at %s, word by word",
    async (path) => {
      const answer = await send(path, basicFor("private_other"));
      expectRefusal(answer, 403, "ACCOUNT_NOT_AUTHENTICATED");
    },
  );

  test("the public key is no credential", async () => {
    expectRefusal(await send("/api/v2/files/upload", basicFor(keys.publicKey)), 403, "ACCOUNT_NOT_AUTHENTICATED");
  });

  test.each([
    ["nothing", "Basic"],
    ["an empty user name", basicFor("")],
    ["a password alone", basicFor("", "do_not_set")],
  ])("a header that carries %s has no key", async (_what, authorization) => {
    for (const path of ["/api/v1/files/upload", "/api/v2/files/upload", "/v1/files"]) {
      expectRefusal(await send(path, authorization), 401, "PRIVATE_KEY_MISSING");
    }
  });

  test("the media API without the header is refused with 401", async () => {
    expectRefusal(await send("/v1/files", undefined), 401, "PRIVATE_KEY_MISSING");
  });

  test("an account that is disabled is told so, by key and by token", async () => {
    await setAccountStatus("disabled");
    try {
      await expectSeen(403);
      for (const path of ["/api/v1/files/upload", "/api/v2/files/upload", "/v1/files"]) {
        expectRefusal(await send(path, basic), 403, "ACCOUNT_DISABLED");
      }
      expectRefusal(await uploadWithToken(server.url, "hello", fields), 403, "ACCOUNT_DISABLED");
    } finally {
      await setAccountStatus("active");
      await expectSeen(200);
    }
    expectStored(await uploadWithToken(server.url, "hello", fields));
  });
});

describe("without Basic authentication", () => {
  test("V2 with a token verifies it", async () => {
    expectStored(await postWith({ token: mint(fields) }));
    expectRefusal(await postWith({ token: mint(fields, { privateKey: "private_other" }) }), 400, "TOKEN_INVALID");
  });

  test("V2 without a token says that it is missing, and so does an empty one", async () => {
    expectRefusal(await postWith({}), 400, "TOKEN_MISSING");
    expectRefusal(await postWith({ token: "" }), 400, "TOKEN_MISSING");
  });

  test("a header of another scheme is ignored: beside a token, and alone", async () => {
    const authorization = `Bearer ${keys.privateKey}`;
    expectStored(await postWith({ token: mint(fields) }, { authorization }));
    expectRefusal(await postWith({}, { authorization }), 400, "TOKEN_MISSING");
    expectRefusal(await postWith({}, { version: 1, authorization }), 400, "SIGNATURE_MISSING");
  });

  test("V1 with a complete signature verifies it", async () => {
    expectStored(await postWith(signV1(), { version: 1 }));
    expectRefusal(await postWith(signV1({ privateKey: "private_other" }), { version: 1 }), 400, "SIGNATURE_INVALID");
  });

  const signed = signV1();

  test.each(Object.keys(signed))("V1 without %s is told that the signature is missing, with 400", async (missing) => {
    const incomplete = Object.fromEntries(Object.entries(signed).filter(([name]) => name !== missing));
    const answer = await postWith(incomplete, { version: 1 });
    expectRefusal(answer, 400, "SIGNATURE_MISSING");
    expect(answer.body.help).toContain(`Missing: ${missing}.`);
  });

  test("V1 without any credentials is told that the signature is missing, with 400", async () => {
    expectRefusal(await postWith({}, { version: 1 }), 400, "SIGNATURE_MISSING");
  });

  test("a V2 token opens nothing at V1", async () => {
    const token = mint(fields);
    expectRefusal(await postWith({ token }, { version: 1 }), 400, "SIGNATURE_MISSING");
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
  });
});

test("both endpoints and the media API answer at one origin, with and without a slash at the end", async () => {
  for (const path of ["/api/v1/files/upload", "/api/v2/files/upload", "/v1/files"]) {
    for (const slash of ["", "/"]) {
      const answer = await send(`${path}${slash}`, basic);
      expect(answer.status, `${path}${slash}`).toBe(200);
    }
  }
});

test("an upload takes nothing but a multipart form with a file in it", async () => {
  const headers = { authorization: basic, "content-type": "application/json" };
  const body = JSON.stringify({ file: "aGVsbG8=", fileName: "a.txt" });
  const answer = await fetch(`${server.url}/api/v2/files/upload`, { method: "POST", headers, body });
  expectRefusal({ status: answer.status, body: await answer.json() }, 400, "CONTENT_TYPE_INVALID");
  const form = new URLSearchParams({ file: "aGVsbG8=", fileName: "a.txt" });
  const encoded = await fetch(`${server.url}/api/v2/files/upload`, {
    method: "POST",
    headers: { authorization: basic },
    body: form,
  });
  expectRefusal({ status: encoded.status, body: await encoded.json() }, 400, "CONTENT_TYPE_INVALID");
  expectRefusal(
    await post(server.url, [textPart("fileName", "a.txt"), filePart("1"), filePart("2")], { authorization: basic }),
    400,
    "PARAMETER_REPEATED",
  );
});

/** Sends the smallest valid request to a path, with these credentials. */
async function send(path: string, authorization: string | undefined) {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const form = new FormData();
  form.append("fileName", "mode.txt");
  form.append("file", new Blob(["hello"]), "mode.txt");
  const request = path.startsWith("/api/") ? { method: "POST", headers, body: form } : { headers };
  const answer = await fetch(`${server.url}${path}`, request);
  return { status: answer.status, body: await answer.json() };
}

/** Servers cache keys for a moment, the keys of tokens separately from private keys. */
async function expectSeen(status: number): Promise<void> {
  await expect.poll(async () => (await send("/v1/files", basic)).status).toBe(status);
  await expect.poll(async () => (await uploadWithToken(server.url, "hello", fields)).status).toBe(status);
}

/** No command disables an account yet, so an operator would do it in the database. */
function setAccountStatus(status: "active" | "disabled"): Promise<void> {
  return changeDatabase(server.dataDir, "update accounts set status = ?", status);
}
