import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Upload } from "tus-js-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount, createKey } from "./harness/account.ts";
import { sluice } from "./harness/command.ts";
import { startCuttingProxy } from "./harness/cutting-proxy.ts";
import { blobFiles } from "./harness/data-dir.ts";
import { changeDatabase, engineSettings, onCluster } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { filePart, textPart } from "./harness/multipart.ts";
import { askOutcome } from "./harness/outcome.ts";
import { exchange, RawConnection } from "./harness/raw-http.ts";
import { breakSignature, signRaw, unixTime } from "./harness/raw-token.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer, startServerProcess } from "./harness/server.ts";
import {
  ask,
  begin,
  checksum,
  create,
  createBasic,
  createFrom,
  metadata,
  offsetOf,
  type Pairs,
  patch,
  patchHead,
  pieceType,
  sessionOf,
  tus,
} from "./harness/tus.ts";
import { type Answer, basic, mint, post, uploadWithToken } from "./harness/upload.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const fields = { fileName: "piece.txt", folder: "/resumed" } as const;
const text = Buffer.from("a file that comes in pieces");

let server: RunningServer;
let photo: Buffer;
beforeAll(async () => {
  server = await startServer({ flags: ["--limit", "outcome-seconds=1"] });
  photo = await jpeg(320, 200);
});
afterAll(() => server?.stop());

const countFiles = async () => (await listFiles(server.url)).length;

/** Sends the whole file in one piece, and expects it to be stored. @returns the upload's answer */
async function storeRest(session: string, bytes: Uint8Array, offset = 0): Promise<Answer> {
  const answer = await patch(session, offset, bytes.subarray(offset));
  expect([answer.status, answer.body, answer.headers.get("upload-offset")]).toEqual([
    204,
    undefined,
    String(bytes.length),
  ]);
  const stored = await ask(session);
  expectStored(stored);
  expect(stored.body.size).toBe(bytes.length);
  expect(bytes.length > MiB || Buffer.from(bytes).equals(await fetchOriginal(server.url, stored.body.url))).toBe(true);
  return stored;
}

describe("tus 1.0", () => {
  test("OPTIONS tells versions, extensions, algorithms and the largest file, whatever version is asked for", async () => {
    const session = await begin(server.url, fields, { length: 5 });
    for (const url of [`${server.url}/_sluice/resumable`, session]) {
      for (const headers of [{}, { "tus-resumable": "0.2.2" }]) {
        const answer = await fetch(url, { method: "OPTIONS", headers });
        expect(answer.status).toBe(204);
        const said = (name: string) => answer.headers.get(name);
        expect([said("tus-resumable"), said("tus-version")]).toEqual(["1.0.0", "1.0.0"]);
        expect(said("tus-extension")?.split(",").sort()).toEqual([
          "checksum",
          "creation",
          "creation-defer-length",
          "creation-with-upload",
          "expiration",
          "termination",
        ]);
        expect(said("tus-checksum-algorithm")).toBe("sha1,sha256");
        expect(said("tus-max-size")).toBe(String(300 * MiB));
      }
    }
  });

  test("a page of any origin may send every header of the protocol, and read the answer's", async () => {
    const answer = await fetch(`${server.url}/_sluice/resumable`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "tus-resumable,upload-offset,content-type",
      },
    });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    for (const method of ["POST", "PATCH", "HEAD", "GET", "DELETE"]) {
      expect(answer.headers.get("access-control-allow-methods")).toContain(method);
    }
    expect(answer.headers.get("access-control-allow-headers")?.toLowerCase()).toMatch(/^\*$|tus-resumable/);
    const created = await create(server.url, fields, { length: 5, headers: { origin: "https://app.example" } });
    expect(created.headers.get("access-control-allow-origin")).toBe("*");
    const exposed = created.headers.get("access-control-expose-headers")?.toLowerCase().split(/, ?/);
    for (const name of ["location", "upload-offset", "upload-length", "upload-expires", "tus-resumable"]) {
      expect(exposed).toContain(name);
    }
  });

  test.each(["", "0.2.2", "1.0", "1.0.0, 0.2.2"])("version %j is answered 412 and nothing is done", async (version) => {
    const headers = { "tus-resumable": version };
    const token = mint(fields);
    const session = await begin(server.url, fields, { length: text.length });
    const answers = [
      await create(server.url, fields, { token, length: 5, headers }),
      await patch(session, 0, text, { headers }),
      await tus("DELETE", session, { headers }),
    ];
    for (const answer of answers) {
      expectRefusal(answer, 412, "TUS_VERSION_UNSUPPORTED");
      expect(answer.headers.get("tus-version")).toBe("1.0.0");
    }
    const head = await tus("HEAD", session, { headers });
    expect([head.status, head.headers.get("tus-version")]).toEqual([412, "1.0.0"]);
    expect(await offsetOf(session)).toBe(0);
    await begin(server.url, fields, { token, length: 5 });
  });

  test("a request without a version is answered 412 as well", async () => {
    const answer = await fetch(`${server.url}/_sluice/resumable`, {
      method: "POST",
      headers: { "upload-length": "1" },
    });
    expect([answer.status, answer.headers.get("tus-version")]).toEqual([412, "1.0.0"]);
    await answer.body?.cancel();
  });

  test("pieces of any size follow each other, HEAD and GET tell how far they are, and the answer is a form's", async () => {
    const session = await begin(
      server.url,
      { ...fields, tags: "a,b", responseFields: "tags" },
      { length: photo.length },
    );
    const before = await countFiles();
    let offset = 0;
    for (const size of [1, 0, 99, photo.length - 101]) {
      const answer = await patch(session, offset, photo.subarray(offset, offset + size));
      offset += size;
      expect([answer.status, answer.headers.get("upload-offset")]).toEqual([204, String(offset)]);
      expect(Date.parse(answer.headers.get("upload-expires") ?? "")).toBeGreaterThan(Date.now());
      expect(await offsetOf(session)).toBe(offset);
      expect(await ask(session)).toMatchObject({ status: 202, body: { offset, length: photo.length } });
    }
    expect(await countFiles()).toBe(before);
    const { body, headers } = await storeRest(session, photo, offset);
    expect(body).toMatchObject({ width: 320, height: 200, fileType: "image", tags: ["a", "b"] });
    expect(headers.get("cache-control")).toBe("no-store");
    const formFields = { ...fields, tags: "a,b", responseFields: "tags" };
    const form = await uploadWithToken(server.url, photo, formFields);
    expect(Object.keys(body).sort()).toEqual(Object.keys(form.body).sort());
    expect(await countFiles()).toBe(before + 2);
    expect(await offsetOf(session)).toBe(photo.length);
    expect((await ask(session)).body).toEqual(body);
  });

  test("HEAD tells offset, length, metadata as they were sent, and the end of the session", async () => {
    const token = mint(fields);
    const answer = await tus("HEAD", await begin(server.url, fields, { token, length: 7 }));
    expect(answer.headers.get("upload-offset")).toBe("0");
    expect(answer.headers.get("upload-length")).toBe("7");
    expect(answer.headers.get("upload-metadata")).toBe(metadata([...Object.entries(fields), ["token", token]]));
    const lifetime = Date.parse(answer.headers.get("upload-expires") ?? "") - Date.now();
    expect(Math.round(lifetime / 3_600_000)).toBe(24);
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("a creation may bring the first piece, and the whole file", async () => {
    const created = await create(server.url, fields, { length: text.length, body: text.subarray(0, 10) });
    expect(created.headers.get("upload-offset")).toBe("10");
    await storeRest(sessionOf(created), text, 10);
    const whole = await create(server.url, fields, { body: text });
    expect(whole.headers.get("upload-offset")).toBe(String(text.length));
    expectStored(await ask(sessionOf(whole)));
  });

  test("an empty file ends as a form's does", async () => {
    const form = await uploadWithToken(server.url, "", fields);
    const created = await create(server.url, fields, { length: 0 });
    expect([created.status, created.body]).toEqual([form.status, form.body]);
  });

  test.each([
    ["a length", { "upload-length": "" }],
    ["a length that is negative", { "upload-length": "-1" }],
    ["a length in hexadecimal", { "upload-length": "0x10" }],
    ["a length with an exponent", { "upload-length": "1e3" }],
    ["a length that is no whole number", { "upload-length": "1.5" }],
    ["a length beyond all numbers", { "upload-length": "9".repeat(30) }],
    ["two lengths", { "upload-length": "5, 5" }],
    ["a deferred length that is not 1", { "upload-length": "", "upload-defer-length": "2" }],
    ["a deferred length beside one", { "upload-length": "5", "upload-defer-length": "1" }],
    ["a part to be concatenated", { "upload-concat": "partial" }],
    ["a concatenation", { "upload-concat": "final;/_sluice/resumable/a /_sluice/resumable/b" }],
  ])("a creation needs one length of a whole file: %s (%#) is refused and uses no token", async (_what, headers) => {
    const token = mint(fields);
    const given: Record<string, string> = { "upload-length": "5", ...headers };
    if (given["upload-length"] === "") delete given["upload-length"];
    const answer = await create(server.url, fields, { token, headers: given });
    expect(answer.body).toMatchObject({ message: expect.any(String), help: expect.any(String) });
    expect([400, 413]).toContain(answer.status);
    await begin(server.url, fields, { token, length: 5 });
  });

  test("what a piece says of itself must hold: type, offset and length", async () => {
    const session = await begin(server.url, fields, { length: text.length, body: text.subarray(0, 10) });
    const rest = text.subarray(10);
    for (const offset of [0, 9, 11, text.length, text.length + 1, 2 ** 53]) {
      expectRefusal(await patch(session, offset, rest), 409, "UPLOAD_OFFSET_WRONG");
    }
    for (const offset of ["", "-1", "0x0a", "1e1", "10.5", "ten", "10, 10"]) {
      expectRefusal(await patch(session, offset, rest), 400, "TUS_HEADER_INVALID");
    }
    for (const type of ["application/octet-stream", "text/plain", "application/offset+octet-stream;x=y"]) {
      const answer = await patch(session, 10, rest, { headers: { "content-type": type } });
      expect([400, 415]).toContain(answer.status);
      expect(answer.body.message).toEqual(expect.any(String));
    }
    expectRefusal(await patch(session, 10, Buffer.concat([rest, rest])), 413, "PIECE_BEYOND_LENGTH");
    expect(await offsetOf(session)).toBe(10);
    await storeRest(session, text, 10);
  });

  test("chunked bytes beyond the length are refused at the first that is too many, and never stored", async () => {
    const session = await begin(server.url, fields, { length: 4 });
    const answer = await exchange(
      server.url,
      `${patchHead(session, "transfer-encoding: chunked")}8\r\nabcdefgh\r\n0\r\n\r\n`,
    );
    expectRefusal({ status: answer.status, body: JSON.parse(answer.text) }, 413, "PIECE_BEYOND_LENGTH");
    const offset = await offsetOf(session);
    expect(offset).toBeLessThanOrEqual(4);
    const end = offset < 4 ? await patch(session, offset, Buffer.from("abcd").subarray(offset)) : undefined;
    if (end !== undefined) expect(end.status).toBe(204);
    const { body } = await ask(session);
    expect((await fetchOriginal(server.url, body.url)).toString()).toBe("abcd");
  });

  test.each(["sha1", "sha256"])("a piece with a %s checksum counts only when it is right", async (algorithm) => {
    const session = await begin(server.url, fields, { length: text.length });
    const [first, rest] = [text.subarray(0, 9), text.subarray(9)];
    expectRefusal(await patch(session, 0, first, { headers: checksum(algorithm, rest) }), 460, "CHECKSUM_MISMATCH");
    expect(await offsetOf(session)).toBe(0);
    expect((await patch(session, 0, first, { headers: checksum(algorithm, first) })).status).toBe(204);
    expectRefusal(await patch(session, 9, rest, { headers: checksum(algorithm, first) }), 460, "CHECKSUM_MISMATCH");
    expect(await offsetOf(session)).toBe(9);
    expect((await patch(session, 9, rest, { headers: checksum(algorithm, rest) })).status).toBe(204);
    expectStored(await ask(session));
  });

  test.each([
    "md5 1B2M2Y8AsgTpgAmY7PhCfg==",
    "sha1",
    "sha1 !",
    "sha256 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    "SHA-1 x",
    "x y z",
  ])("the checksum %j is refused before the piece counts", async (value) => {
    const session = await begin(server.url, fields, { length: text.length });
    expectRefusal(await patch(session, 0, text, { headers: { "upload-checksum": value } }), 400, "TUS_HEADER_INVALID");
    expect(await offsetOf(session)).toBe(0);
  });

  test("a creation's first piece may have a checksum; a wrong one leaves the session at its beginning", async () => {
    const right = await create(server.url, fields, { body: text, headers: checksum("sha256", text) });
    expectStored(await ask(sessionOf(right)));
    const wrong = await create(server.url, fields, { body: text, headers: checksum("sha256", photo) });
    if (wrong.status === 460) expect(wrong.body.reason).toBe("CHECKSUM_MISMATCH");
    const location = wrong.headers.get("location");
    if (location !== null) expect(await offsetOf(location)).toBe(0);
  });

  test("X-HTTP-Method-Override counts instead of the method", async () => {
    const session = await begin(server.url, fields, { length: text.length });
    const override = (method: string, headers = {}, body?: Uint8Array) =>
      tus("POST", session, {
        headers: { "x-http-method-override": method, ...headers },
        ...(body !== undefined && { body }),
      });
    const piece = { ...pieceType, "upload-offset": "0" };
    expect((await override("PATCH", piece, text.subarray(0, 4))).headers.get("upload-offset")).toBe("4");
    const head = await override("HEAD");
    expect([head.headers.get("upload-offset"), head.headers.get("upload-length")]).toEqual(["4", String(text.length)]);
    expect((await override("DELETE")).status).toBe(204);
    expect([404, 410]).toContain((await tus("HEAD", session)).status);
    expect([400, 404, 405]).toContain((await override("PUT")).status);
    expect([400, 404, 405]).toContain((await tus("POST", session)).status);
  });

  test("other methods are refused so that a page can read it", async () => {
    const session = await begin(server.url, fields, { length: 5 });
    for (const [method, url] of [
      ["PUT", session],
      ["PATCH", `${server.url}/_sluice/resumable`],
      ["DELETE", `${server.url}/_sluice/resumable`],
    ] as const) {
      const answer = await fetch(url, { method, headers: { "tus-resumable": "1.0.0" } });
      expect([404, 405]).toContain(answer.status);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(await answer.json()).toMatchObject({ message: expect.any(String) });
    }
  });

  test("DELETE before the end discards everything; after it, the session and never the file", async () => {
    const before = (await blobFiles(server.dataDir)).length;
    const session = await begin(server.url, fields, { length: text.length, body: text.subarray(0, 10) });
    expect((await tus("DELETE", session)).status).toBe(204);
    for (const method of ["HEAD", "DELETE", "GET"]) expect([404, 410]).toContain((await tus(method, session)).status);
    expect([404, 410]).toContain((await patch(session, 10, text.subarray(10))).status);
    await expect.poll(async () => (await blobFiles(server.dataDir)).length).toBe(before);
    const other = await begin(server.url, fields, { length: text.length });
    const { body } = await storeRest(other, text);
    expect((await tus("DELETE", other)).status).toBe(204);
    expect([404, 410]).toContain((await ask(other)).status);
    expect((await fetchOriginal(server.url, body.url)).equals(text)).toBe(true);
  });
});

describe("parameters and token are as strict as a form's", () => {
  const stranger = "private_of_somebody";
  const cases: [what: string, pairs: () => Pairs, headers?: Record<string, string>][] = [
    ["another value", () => [...sent({ folder: "/other" }), token(fields)]],
    ["a missing parameter", () => [["fileName", fields.fileName], token(fields)]],
    ["a parameter more", () => [...sent({ tags: "a" }), token(fields)]],
    [
      "a transport key that the token claims, with another value",
      () => [...sent({ name: "b" }), token({ ...fields, name: "a" })],
    ],
    ["an empty value for a missing one", () => [...sent({ tags: "" }), token(fields)]],
    ["no token", () => sent()],
    ["an empty token", () => [...sent(), ["token", ""]]],
    ["no token at all in it", () => [...sent(), ["token", "hello"]]],
    ["a forged token", () => [...sent(), ["token", breakSignature(mint(fields))]]],
    ["a token by another key", () => [...sent(), ["token", mint(fields, { privateKey: stranger })]]],
    [
      "a token that has expired",
      () => [...sent(), ["token", signRaw({ payload: { ...fields, iat: unixTime() - 61, exp: unixTime() - 1 } })]],
    ],
    [
      "a token for too long a time",
      () => [...sent(), ["token", signRaw({ payload: { ...fields, iat: unixTime(), exp: unixTime() + 3601 } })]],
    ],
    ["a token beside Basic", () => [...sent(), token(fields)], { authorization: basic }],
    ["a wrong key", () => sent(), { authorization: `Basic ${btoa(`${stranger}:`)}` }],
    ["no fileName", () => [["folder", "/a"]], { authorization: basic }],
    ["a folder that leads out", () => sent({ folder: "/../a" }), { authorization: basic }],
    ["tags that are too long", () => sent({ tags: "x".repeat(501) }), { authorization: basic }],
    ["a webhookUrl without a scheme", () => sent({ webhookUrl: "example.com" }), { authorization: basic }],
    ["checks that can't be read", () => sent({ checks: "what?" }), { authorization: basic }],
    ["checks that fail", () => sent({ checks: '"request.folder" : "/b/"' }), { authorization: basic }],
    [
      "checks that fail, in a token",
      () => {
        const checked = { ...fields, checks: '"request.folder" : "/b/"' };
        return [...sent(checked), token(checked)];
      },
    ],
    ["a transformation that can't be read", () => sent({ transformation: "w-100" }), { authorization: basic }],
  ];

  function sent(changes: Readonly<Record<string, string>> = {}): Pairs {
    return Object.entries({ ...fields, ...changes });
  }

  function token(claims: Readonly<Record<string, string>>): readonly [string, string] {
    return ["token", mint(claims)];
  }

  test.each(cases)("%s is refused as a form is, and leaves nothing", async (_what, pairs, headers = {}) => {
    const form = await post(
      server.url,
      [...pairs().map(([name, value]) => textPart(name, value)), filePart(text)],
      headers.authorization === undefined ? {} : { authorization: headers.authorization },
    );
    const before = await countFiles();
    const answer = await createFrom(server.url, pairs(), { headers, length: text.length });
    expect([answer.status, answer.body.reason, answer.body.message]).toEqual([
      form.status,
      form.body.reason,
      form.body.message,
    ]);
    expect(answer.headers.has("location")).toBe(false);
    expect(await countFiles()).toBe(before);
  });

  test("a parameter that comes twice is refused by name, with and without a token", async () => {
    for (const [pairs, headers] of [
      [[...sent(), ["folder", "/resumed"], token(fields)], {}],
      [[...sent(), ["folder", "/a"]], { authorization: basic }],
      [[...sent(), token(fields), token(fields)], {}],
    ] as [Pairs, Record<string, string>][]) {
      const answer = await createFrom(server.url, pairs, { headers, length: 5 });
      expectRefusal(answer, 400, "PARAMETER_REPEATED");
      expect(answer.body.message).toMatch(/folder|token/);
    }
  });

  test("a value that is no base64 of UTF-8 is refused by name", async () => {
    for (const value of ["!", "YQ", "w6g=".slice(1), "/w=="]) {
      const headers = { authorization: basic, "upload-metadata": `fileName YS50eHQ=,description ${value}` };
      const answer = await createFrom(server.url, [], { headers, length: 5 });
      expectRefusal(answer, 400, "PARAMETER_INVALID");
      expect(answer.body.message).toContain("description");
    }
  });

  test("a file in the metadata is refused, since the bytes are the file", async () => {
    for (const value of ["https://example.com/a.png", "aGVsbG8="]) {
      const pairs: Pairs = [...sent(), ["file", value]];
      const answers = [
        await createFrom(server.url, pairs, { headers: { authorization: basic }, length: 5 }),
        await createFrom(server.url, [...pairs, token(fields)], { length: 5 }),
      ];
      for (const answer of answers) expect([answer.status, answer.body.message]).toEqual([400, expect.any(String)]);
    }
  });

  test("what clients add by themselves is no parameter, unless the token claims it", async () => {
    const added = { filename: "x.txt", filetype: "text/plain", name: "x", type: "text/plain", relativePath: "null" };
    const session = sessionOf(await createFrom(server.url, [...sent(added), token(fields)], { length: text.length }));
    const { body } = await storeRest(session, text);
    expect(body.filePath).toMatch(/^\/resumed\/piece_/);
    sessionOf(await createFrom(server.url, [...sent({ name: "x" }), token({ ...fields, name: "x" })], { length: 5 }))
      .length;
  });

  test("a token is used up by a session for forms, and by a form for sessions", async () => {
    const [first, second] = [mint(fields), mint(fields)];
    await begin(server.url, fields, { token: first, length: 5 });
    expectRefusal(await create(server.url, fields, { token: first, length: 5 }), 400, "TOKEN_USED");
    expectRefusal(await uploadWithToken(server.url, text, fields, first), 400, "TOKEN_USED");
    expectStored(await uploadWithToken(server.url, text, fields, second));
    const refused = await create(server.url, fields, { token: second, length: 5 });
    expectRefusal(refused, 400, "TOKEN_USED");
    expect(refused.headers.get("x-should-retry")).toBe("false");
  });

  test("a length beyond the plan is refused before the token is used", async () => {
    const token = mint(fields);
    expectRefusal(await create(server.url, fields, { token, length: 300 * MiB + 1 }), 413, "FILE_TOO_LARGE");
    await begin(server.url, fields, { token, length: 5 });
  });

  test("a file that turns out too large for its type ends the session, and says so", async () => {
    const session = await begin(server.url, fields, { length: 26 * MiB });
    const answer = await patch(session, 0, Buffer.alloc(64 * KiB, "a"));
    const end = answer.status === 204 ? await patch(session, 64 * KiB, Buffer.alloc(26 * MiB - 64 * KiB, "a")) : answer;
    expect([400, 413]).toContain(end.status);
    expect(end.body.message).toMatch(/limit/);
    expect((await ask(session)).body).toEqual(end.body);
  });

  test("Basic works for backends", async () => {
    const session = sessionOf(await createBasic(server.url, fields, { length: text.length }));
    await storeRest(session, text);
  });
});

describe("the end", () => {
  const wide = '"mediaMetadata.width" < "100"';

  test("a refusal of the file ends the session, and is every later answer", async () => {
    const checked = { ...fields, fileName: "wide.jpg", checks: wide };
    const token = mint(checked);
    const before = { files: await countFiles(), blobs: (await blobFiles(server.dataDir)).length };
    const session = await begin(server.url, checked, { token, length: photo.length });
    const refused = await patch(session, 0, photo);
    expectRefusal(refused, 400, "CHECKS_FAILED");
    for (const answer of [await ask(session), await patch(session, 0, photo), await ask(session)]) {
      expect([answer.status, answer.body]).toEqual([refused.status, refused.body]);
    }
    expect((await tus("HEAD", session)).status).toBe(400);
    expect(await askOutcome(server.url, token)).toMatchObject({ body: { outcome: "nothing" } });
    const after = async () => ({ files: await countFiles(), blobs: (await blobFiles(server.dataDir)).length });
    await expect.poll(after).toEqual(before);
    expect((await tus("DELETE", session)).status).toBe(204);
  });

  test("upload-outcome waits for a session and never abandons it; afterwards it has the answer", async () => {
    const token = mint(fields);
    const session = await begin(server.url, fields, { token, length: text.length, body: text.subarray(0, 3) });
    for (let time = 0; time < 2; time++) {
      expect(await askOutcome(server.url, token)).toMatchObject({ status: 200, body: { outcome: "pending" } });
    }
    const { body } = await storeRest(session, text, 3);
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response: body });
    const deleted = mint(fields);
    await tus("DELETE", await begin(server.url, fields, { token: deleted, length: 5 }));
    expect((await askOutcome(server.url, deleted)).body).toEqual({ outcome: "nothing" });
  });

  test("a body that breaks off keeps what came, and nothing is taken for the file but what counts", async () => {
    const session = await begin(server.url, fields, { length: text.length });
    const connection = await RawConnection.open(server.url);
    try {
      await connection.write(`${patchHead(session, `content-length: ${text.length}`)}${text.subarray(0, 12)}`);
      await sleep(300);
    } finally {
      connection.destroy();
    }
    await expect.poll(() => offsetOf(session)).toBe(12);
    await storeRest(session, text, 12);
  });

  test("a newer request takes the upload over from an older one that stands still", async () => {
    const session = await begin(server.url, fields, { length: text.length });
    const stalled = await RawConnection.open(server.url);
    await stalled.write(`${patchHead(session, `content-length: ${text.length}`)}${text.subarray(0, 5)}`);
    try {
      const offset = await offsetOf(session);
      const answer = await patch(session, offset, text.subarray(offset));
      // The server may have read the other request after this one, which is then told to come again, as the newer one.
      if (answer.status === 409 || answer.status === 423) await storeRest(session, text, await offsetOf(session));
      else expect(answer.status).toBe(204);
    } finally {
      stalled.destroy();
    }
    const { body } = await ask(session);
    expect((await fetchOriginal(server.url, body.url)).equals(text)).toBe(true);
  });
});

describe("attacks", () => {
  test("guessed sessions are 404, all alike, and nobody chooses a session's URL", async () => {
    const own = `${server.url}/_sluice/resumable/`;
    const session = await begin(server.url, fields, { length: text.length });
    const id = session.slice(own.length);
    const guesses = [
      ...Array.from({ length: 20 }, () => randomBytes(32).toString("base64url")),
      ...[id.slice(0, -1), `${id}A`, id.toUpperCase(), `${id}%00`, `${id}=`, "A".repeat(43), "a".repeat(400)],
      createHash("sha256").update(id).digest("base64url"),
    ];
    const answers = await Promise.all(
      guesses.map(async (guess) => {
        const { status, body } = await patch(own + guess, 0, text);
        return JSON.stringify([status, body]);
      }),
    );
    for (const answer of answers) expect(JSON.parse(answer)[0]).toBe(404);
    expect(new Set(answers.slice(0, 20)).size).toBe(1);
    expect(answers.join("")).not.toContain(id.slice(0, 20));
    const fixed = randomBytes(32).toString("base64url");
    const asked = await create(server.url, fields, {
      length: 5,
      headers: { location: own + fixed, "upload-key": fixed, "x-upload-id": fixed },
    });
    expect(sessionOf(asked)).not.toContain(fixed);
    expect((await tus("POST", own + fixed, { headers: { "upload-length": "5" } })).status).not.toBe(201);
    expect(await offsetOf(session)).toBe(0);
  });

  test("neither Host nor forwarded headers have a part in a session's URL", async () => {
    const lines = [
      "POST /_sluice/resumable HTTP/1.1",
      "host: evil.example",
      "x-forwarded-host: evil.example",
      "x-forwarded-proto: https",
      "forwarded: host=evil.example;proto=https",
      "tus-resumable: 1.0.0",
      "upload-length: 5",
      `authorization: ${basic}`,
      `upload-metadata: ${metadata(Object.entries(fields))}`,
      "content-length: 0",
    ];
    const answer = await exchange(server.url, `${lines.join("\r\n")}\r\n\r\n`);
    expect(answer.status).toBe(201);
    expect(answer.headers.location?.startsWith(`${server.url}/_sluice/resumable/`)).toBe(true);
  });

  test("metadata bombs cost a clean refusal, and headers up to 64 KiB are read", async () => {
    const started = performance.now();
    const long = "x".repeat(40_000);
    const base64 = (value: string) => Buffer.from(value).toString("base64");
    for (const header of [
      ",".repeat(60_000),
      " ".repeat(60_000),
      `a${" ".repeat(30_000)}b,${" ".repeat(30_000)}`,
      Array.from({ length: 5_000 }, (_, n) => `k${n}`).join(","),
      `fileName ${"A".repeat(60_000)}`,
      `fileName YS50eHQ=,customMetadata ${base64("[".repeat(40_000))}`,
      `fileName YS50eHQ=,checks ${base64("(".repeat(40_000))}`,
      `fileName YS50eHQ=,transformation ${base64(`{"pre":"${"n-".repeat(20_000)}"}`)}`,
      `${"k".repeat(60_000)} YQ==`,
      `__proto__ YQ==,constructor YQ==`,
    ]) {
      const answer = await createFrom(server.url, [], {
        headers: { authorization: basic, "upload-metadata": header },
        length: 5,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.message.length + answer.body.help.length).toBeLessThan(5_000);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
    const many = await createBasic(server.url, { ...fields, description: long }, { length: 5 });
    expect(many.status).toBe(many.body === undefined ? 201 : 400);
    const tooLong = await createFrom(server.url, [["description", "x".repeat(50_000)]], { length: 5 });
    expectRefusal(tooLong, 431, "HEADERS_TOO_LARGE");
  });

  test("hundreds of tiny pieces make one file, at a bounded cost", async () => {
    const count = onCluster ? 120 : 300;
    const bytes = Buffer.from("0123456789".repeat(count / 10));
    const before = (await blobFiles(server.dataDir)).length;
    const session = await begin(server.url, fields, { length: bytes.length });
    const started = performance.now();
    for (let offset = 0; offset < bytes.length - 1; offset++) {
      expect((await patch(session, offset, bytes.subarray(offset, offset + 1))).status).toBe(204);
    }
    expect((performance.now() - started) / count).toBeLessThan(250);
    expect((await blobFiles(server.dataDir)).length - before).toBeLessThanOrEqual(20);
    await storeRest(session, bytes, bytes.length - 1);
  });

  test("one token at forms and sessions at once, on two nodes where there are two, wins exactly once", async () => {
    const other = onCluster ? await startServerProcess({ environment: engineSettings(server.dataDir) }) : undefined;
    try {
      const urls = [server.url, other?.url ?? server.url];
      for (let round = 0; round < 5; round++) {
        const token = mint(fields);
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, n) => {
            const url = urls[n % 2] as string;
            return n % 4 < 2 ? create(url, fields, { token, length: 5 }) : uploadWithToken(url, text, fields, token);
          }),
        );
        const won = answers.filter(({ status }) => status === 200 || status === 201);
        expect(won).toHaveLength(1);
        for (const answer of answers) if (!won.includes(answer)) expectRefusal(answer, 400, "TOKEN_USED");
      }
    } finally {
      await other?.stop();
    }
  });

  test("two clients that send the same piece at once store the file once, with the right bytes", async () => {
    const bytes = randomBytes(2 * MiB);
    const session = await begin(server.url, { fileName: "race.bin" }, { length: bytes.length });
    const before = await countFiles();
    const send = async (): Promise<void> => {
      for (let tries = 0; tries < 50; tries++) {
        const head = await tus("HEAD", session);
        const offset = Number(head.headers.get("upload-offset"));
        if (head.status === 200 && offset === bytes.length) return;
        if (head.status !== 200) continue;
        const answer = await patch(session, offset, bytes.subarray(offset, offset + 512 * KiB));
        expect([204, 409, 423]).toContain(answer.status);
      }
    };
    await Promise.all([send(), send(), send()]);
    const { body } = await ask(session);
    expect((await fetchOriginal(server.url, body.url)).equals(bytes)).toBe(true);
    expect(await countFiles()).toBe(before + 1);
  });

  test("a session stores for the account and the key that began it, and ends with them", async () => {
    const account = await createAccount(server.dataDir, "other-account");
    const token = mint(fields, { privateKey: account.privateKey, header: { kid: account.publicKey } });
    const session = await begin(server.url, fields, { token, length: text.length });
    const answer = await patch(session, 0, text.subarray(0, 4), { headers: { authorization: basic } });
    expect([204, 400, 403]).toContain(answer.status);
    await storeRest(session, text, await offsetOf(session));
    expect(await listFiles(server.url, account.authorization)).toHaveLength(1);

    const open = () =>
      begin(server.url, fields, { length: text.length, body: text.subarray(0, 4), token: ofAccount() });
    const ofAccount = () => mint(fields, { privateKey: account.privateKey, header: { kid: account.publicKey } });
    const [revoked, disabled] = [await open(), await open()];
    const upload = await createKey(server.dataDir, "other-account", "upload");
    const ofPair = await begin(server.url, fields, {
      token: mint(fields, { privateKey: upload.privateKey, header: { kid: upload.publicKey } }),
      length: text.length,
    });
    await sluice(["account", "revoke-key", "other-account", upload.publicKey, "--data-dir", server.dataDir]);
    await expect.poll(async () => (await patch(ofPair, 0, text)).status).toBeGreaterThanOrEqual(400);
    expect((await tus("HEAD", revoked)).status).toBe(200);
    const status = "update accounts set status = ? where imagekit_id = 'other-account'";
    await changeDatabase(server.dataDir, status, "disabled");
    await expect.poll(async () => (await tus("HEAD", disabled)).status).toBeGreaterThanOrEqual(400);
    expect((await patch(disabled, 4, text.subarray(4))).status).toBeGreaterThanOrEqual(400);
  });
});

describe("clients", () => {
  test("tus-js-client goes on through cuts, and ends with the file stored once", async () => {
    const proxy = await startCuttingProxy(server.url);
    try {
      const bytes = randomBytes(6 * MiB);
      const parameters = { fileName: "client.bin", folder: "/js" };
      const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
      const upload = new Upload(bytes, {
        endpoint: `${proxy.url}/_sluice/resumable`,
        metadata: { ...parameters, token: mint(parameters) },
        retryDelays: [20, 50, 100, 200, 400],
        // The session's URL names the server itself, and the client is to stay behind the proxy.
        onUploadUrlAvailable: () => {
          upload.url = (upload.url ?? "").replace(server.url, proxy.url);
        },
        onError: reject,
        onSuccess: () => resolve(),
      });
      const cutTwice = async (): Promise<void> => {
        await proxy.cutAfter(2 * MiB);
        await proxy.cutAfter(2 * MiB);
      };
      const cut = cutTwice();
      upload.start();
      await Promise.all([ended, cut]);
      const { body } = await ask(upload.url ?? "");
      expect((await fetchOriginal(server.url, body.url)).equals(bytes)).toBe(true);
      expect((await listFiles(server.url)).filter(({ filePath }) => filePath.startsWith("/js/"))).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  test("tus-js-client sends a stream whose length nobody knows, through cuts, and ends with the file stored once", async () => {
    const proxy = await startCuttingProxy(server.url);
    try {
      const bytes = randomBytes(5 * MiB + 17);
      const source = Readable.from(
        Array.from({ length: 50 }, (_, index) => bytes.subarray(index * 110_000, (index + 1) * 110_000)),
      );
      const parameters = { fileName: "streamed.bin", folder: "/streamed" };
      const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
      const upload = new Upload(source, {
        endpoint: `${proxy.url}/_sluice/resumable`,
        uploadLengthDeferred: true,
        chunkSize: MiB,
        metadata: { ...parameters, token: mint(parameters) },
        retryDelays: [20, 50, 100, 200, 400],
        onUploadUrlAvailable: () => {
          upload.url = (upload.url ?? "").replace(server.url, proxy.url);
        },
        onError: reject,
        onSuccess: () => resolve(),
      });
      const cut = proxy.cutAfter(2.5 * MiB);
      upload.start();
      await Promise.all([ended, cut]);
      const { status, body } = await ask(upload.url ?? "");
      expect([status, body.size]).toEqual([200, bytes.length]);
      expect((await fetchOriginal(server.url, body.url)).equals(bytes)).toBe(true);
      expect((await listFiles(server.url)).filter(({ filePath }) => filePath.startsWith("/streamed/"))).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  test("TUSKit's requests: its headers with every request, blanks between pairs, a declared extension", async () => {
    const pairs: Pairs = [...Object.entries(fields), ["token", mint(fields)]];
    const custom = { "upload-metadata": metadata(pairs, ", "), "tus-resumable": "1.0.0" };
    const created = await tus("POST", `${server.url}/_sluice/resumable`, {
      headers: { ...custom, "upload-extension": "creation", "upload-length": String(text.length) },
    });
    const session = sessionOf(created);
    const status = await tus("HEAD", session);
    expect([status.headers.get("upload-length"), status.headers.get("upload-offset")]).toEqual([`${text.length}`, "0"]);
    for (const [from, to] of [
      [0, 11],
      [11, text.length],
    ] as const) {
      const answer = await patch(session, from, text.subarray(from, to), { headers: custom });
      expect(answer.headers.get("upload-offset")).toBe(String(to));
    }
    expectStored(await ask(session));
  });

  test("tus-android-client's requests: an expectation, chunks, POST for PATCH, and HEAD to go on", async () => {
    const pairs: Pairs = [["filename", "piece.txt"], ...Object.entries(fields), ["token", mint(fields)]];
    const { host } = new URL(server.url);
    const shared = [`Host: ${host}`, "Tus-Resumable: 1.0.0", "User-Agent: Dalvik/2.1.0", "Connection: Keep-Alive"];
    const created = await exchange(
      server.url,
      `${[
        "POST /_sluice/resumable HTTP/1.1",
        ...shared,
        `Upload-Metadata: ${metadata(pairs)}`,
        `Upload-Length: ${text.length}`,
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 0",
      ].join("\r\n")}\r\n\r\n`,
    );
    expect(created.status).toBe(201);
    const session = created.headers.location ?? "";
    const { pathname } = new URL(session);
    const send = async (line: string, offset: number, piece: Buffer, more: readonly string[] = []) => {
      const connection = await RawConnection.open(server.url);
      const head = [
        `${line} ${pathname} HTTP/1.1`,
        ...shared,
        `Upload-Offset: ${offset}`,
        "Content-Type: application/offset+octet-stream",
        "Expect: 100-continue",
        "Transfer-Encoding: chunked",
        ...more,
      ];
      await connection.write(`${head.join("\r\n")}\r\n\r\n`);
      expect((await connection.readAnswer()).status).toBe(100);
      await connection.write(`${piece.length.toString(16)}\r\n${piece}\r\n0\r\n\r\n`);
      const answer = await connection.readAnswer();
      connection.destroy();
      return [answer.status, answer.headers["upload-offset"]];
    };
    expect(await send("PATCH", 0, text.subarray(0, 7))).toEqual([204, "7"]);
    expect(await offsetOf(session)).toBe(7);
    const override = ["X-HTTP-Method-Override: PATCH"];
    expect(await send("POST", 7, text.subarray(7), override)).toEqual([204, String(text.length)]);
    expectStored(await ask(session));
  });
});

test("afterwards the store and the database agree", async () => {
  await expectClean(server.dataDir);
});
