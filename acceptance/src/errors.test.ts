import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { basicFor } from "./harness/private-key.ts";
import { exchange } from "./harness/raw-http.ts";
import { signRaw, unixTime } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const fields = { fileName: "error.txt" } as const;

function uploadPlain(
  parameters: Readonly<Record<string, string>>,
  file: string | Uint8Array = "hello",
): Promise<Answer> {
  return uploadBasic(server.url, file, { ...fields, ...parameters });
}

describe("the catalogue's messages, word by word", () => {
  test("E1: signature beside Basic", async () => {
    const answer = await uploadBasic(server.url, "hello", { ...fields, signature: "x" }, { version: 1 });
    expectRefusal(answer, 400, "SIGNATURE_AND_BASIC_AUTH");
  });

  test("E2: token beside Basic", async () => {
    expectRefusal(await uploadPlain({ token: mint(fields) }), 400, "TOKEN_AND_BASIC_AUTH");
  });

  test("E3: form and claims differ", async () => {
    const answer = await uploadWithToken(server.url, "hello", { ...fields, tags: "x" }, mint(fields));
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
  });

  test("E4: no token", async () => {
    expectRefusal(await post(server.url, [...textParts(fields), filePart("x")]), 400, "TOKEN_MISSING");
  });

  test("E5: expired token", async () => {
    const now = unixTime();
    const token = signRaw({ payload: { ...fields, iat: now - 20, exp: now - 10 } });
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_EXPIRED");
  });

  test("E6: invalid token", async () => {
    expectRefusal(await uploadWithToken(server.url, "hello", fields, "no token"), 400, "TOKEN_INVALID");
  });

  test("E7 in its V2 form: used token, without echoing it", async () => {
    const token = mint(fields);
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
    const answer = await uploadWithToken(server.url, "hello", fields, token);
    expectRefusal(answer, 400, "TOKEN_USED");
    for (const part of token.split(".")) expect(JSON.stringify(answer.body)).not.toContain(part);
  });

  test("E8: no file, or an empty one, in both modes", async () => {
    expectRefusal(await post(server.url, textParts(fields), { authorization: basic }), 400, "FILE_MISSING");
    for (const empty of [filePart(""), textPart("file", "")]) {
      const parts = [...textParts(fields), empty];
      expectRefusal(await post(server.url, parts, { authorization: basic }), 400, "FILE_MISSING");
      expectRefusal(await post(server.url, [...parts, textPart("token", mint(fields))]), 400, "FILE_MISSING");
    }
  });

  test("E9: the name is taken and may be neither overwritten nor changed", async () => {
    const exact = { folder: "/e9", useUniqueFileName: "false", overwriteFile: "false" };
    expectStored(await uploadPlain(exact));
    expectRefusal(await uploadPlain(exact), 400, "FILE_ALREADY_EXISTS");
  });

  test("E10: the file is too large, with the limit's number", async () => {
    const answer = await uploadPlain({}, Buffer.alloc(25 * MiB + 1, 0x61));
    expectRefusal(answer, 400, "FILE_TOO_LARGE");
    expect(answer.body.message).toBe(
      "Your request contains invalid file parameter. The file size exceeds 26214400 bytes limit.",
    );
  });

  test("E15 is off: a file overwritten many times in a row is never told to wait", async () => {
    const exact = { folder: "/e15", useUniqueFileName: "false" };
    for (let count = 1; count <= 30; count++) {
      const answer = await uploadPlain(exact, `content ${count}`);
      expectStored(answer);
      expect(answer.body.versionInfo.name).toBe(`Version ${count}`);
    }
  });

  test("E20: a folder that is none", async () => {
    for (const folder of ["..", "/a/../b", "/./", `/${"x".repeat(256)}`, "/d".repeat(51)]) {
      expectRefusal(await uploadPlain({ folder }), 400, "FOLDER_INVALID");
    }
  });

  test("E21: no key 401, a wrong one 403", async () => {
    expectRefusal(await uploadBasic(server.url, "x", fields, { authorization: "Basic" }), 401, "PRIVATE_KEY_MISSING");
    const wrong = await uploadBasic(server.url, "x", fields, { authorization: basicFor("private_other") });
    expectRefusal(wrong, 403, "ACCOUNT_NOT_AUTHENTICATED");
  });
});

describe("what has no message of its own in the protocol", () => {
  test("a missing fileName is named", async () => {
    const file = filePart("hello");
    expectRefusal(await post(server.url, [file], { authorization: basic }), 400, "FILE_NAME_MISSING");
    const empty = [file, textPart("fileName", "")];
    expectRefusal(await post(server.url, empty, { authorization: basic }), 400, "FILE_NAME_MISSING");
  });

  test.each([
    ["useUniqueFileName", "yes"],
    ["isPrivateFile", "1"],
    ["isPublished", "TRUE"],
    ["overwriteFile", " true"],
    ["overwriteAITags", "0"],
    ["overwriteTags", "no"],
    ["overwriteCustomMetadata", "t"],
    ["overwriteDescription", "on"],
    ["tags", "100%"],
    ["customCoordinates", "1,2,3"],
    ["responseFields", "tags,unknown"],
    ["fileName", ".."],
  ])("%s that is bad is refused and named", async (name, value) => {
    const answer = await uploadPlain({ [name]: value });
    expectRefusal(answer, 400, "PARAMETER_INVALID");
    expect(answer.body.message).toBe(`Your request contains invalid ${name} parameter.`);
  });

  test("tags longer than 500 characters together are refused", async () => {
    expectStored(await uploadPlain({ tags: ["a".repeat(250), "b".repeat(250)].join(",") }));
    expectRefusal(await uploadPlain({ tags: ["a".repeat(250), "b".repeat(251)].join(",") }), 400, "PARAMETER_INVALID");
  });

  test.each(["no base64!", "data:text/plain,hello", "A"])(
    "the text '%s' as a file is refused and named",
    async (text) => {
      const parts = [...textParts(fields), textPart("file", text)];
      const answer = await post(server.url, parts, { authorization: basic });
      expectRefusal(answer, 400, "PARAMETER_INVALID");
      expect(answer.body.message).toContain("file");
    },
  );
});

describe("every refusal is JSON with message, help and reason", () => {
  const form = "content-type: multipart/form-data; boundary=b\r\n";
  const upload = "POST /api/v2/files/upload HTTP/1.1\r\nhost: x\r\n";
  const requests: [what: string, status: number, request: string][] = [
    ["an unknown path", 404, "GET /v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["another method at an upload path", 405, "GET /api/v2/files/upload HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["a method that nobody has", 404, "PROPFIND /v1/files HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["a path that can't be decoded", 404, "GET /v1/files/%zz/details HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["a path segment beyond bounds", 404, `GET /v1/files/${"a".repeat(600)}/details HTTP/1.1\r\nhost: x\r\n\r\n`],
    ["no body", 400, `${upload}content-length: 0\r\n\r\n`],
    ["no content type", 400, `${upload}content-length: 1\r\n\r\nx`],
    ["a form without a boundary", 400, `${upload}content-type: multipart/form-data\r\ncontent-length: 1\r\n\r\nx`],
    ["a form that ends too early", 400, `${upload}${form}content-length: 3\r\n\r\n--b`],
    ["an empty form", 400, `${upload}${form}content-length: 7\r\n\r\n--b--\r\n`],
    ["a body that is no form", 400, `${upload}${form}content-length: 5\r\n\r\nhello`],
    ["a chunk without a length", 400, `${upload}${form}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ["an expectation that nobody knows", 400, `${upload}${form}expect: wonders\r\ncontent-length: 5\r\n\r\nhello`],
    ["a request without a host", 400, "GET /health HTTP/1.1\r\n\r\n"],
    ["what is no HTTP", 400, "HELLO\r\n\r\n"],
    ["headers beyond bounds", 431, `GET /health HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(70_000)}\r\n\r\n`],
    ["a malformed file id", 400, `GET /v1/files/short/details HTTP/1.1\r\nhost: x\r\nauthorization: ${basic}\r\n\r\n`],
    [
      "a body that is no JSON",
      400,
      `PATCH /v1/files/${"0".repeat(24)}/details HTTP/1.1\r\nhost: x\r\nauthorization: ${basic}\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{`,
    ],
  ];
  const refused: (readonly [id: string, reason: string])[] = [];

  test.each(requests)("%s (%i)", async (_what, status, request) => {
    const answer = await exchange(server.url, request);
    expect(answer.headers["content-type"]).toMatch(/^application\/json\b/);
    const body = JSON.parse(answer.text);
    expect(body).toEqual({
      message: expect.stringMatching(/\S/),
      help: expect.stringMatching(/\S/),
      reason: expect.stringMatching(/^[A-Z][A-Z_]+$/),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers["x-ik-requestid"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(answer.headers["x-request-id"]).toBe(answer.headers["x-ik-requestid"]);
    refused.push([String(answer.headers["x-request-id"]), body.reason]);
  });

  test("and has one line in the log, with the answer's request id and the reason", async () => {
    const { headers } = await fetch(`${server.url}/demo/a.jpg?tr=w-x`);
    const all = [...refused, [headers.get("x-request-id") ?? "", "TRANSFORMATION_INVALID"] as const];
    const linesOf = (id: string) =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(id));
    const expected = all.map(([reqId, reason]) => [{ level: 30, reqId, reason }]);
    await expect
      .poll(() => all.map(([id]) => linesOf(id).map((line) => JSON.parse(line))), { timeout: 5000 })
      .toMatchObject(expected);
  });

  test("the help never carries the vendor's support address", async () => {
    const answers = [await uploadPlain({ folder: ".." }), await uploadWithToken(server.url, "x", fields, "x")];
    for (const { body } of answers) expect(body.help).not.toContain("imagekit.io");
  });
});
