import { readFile } from "node:fs/promises";
import { uploadTokenHandler } from "@sluice/token";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conditions, expressions, tableCustomFields, tableFields } from "./harness/checks-table.ts";
import { blobFiles, spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { startFileHost } from "./harness/file-host.ts";
import { root } from "./harness/launch.ts";
import { call } from "./harness/media-api.ts";
import { filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { jpeg, mp4, png, svg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

type Fields = Readonly<Record<string, string>>;

let server: RunningServer;
let picture: Buffer;
beforeAll(async () => {
  server = await startServer({ flags: ["--allow-private-networks", "--v1-uploads"] });
  const bytes = await jpeg(512, 340);
  picture = Buffer.concat([bytes, Buffer.alloc(4096 - bytes.length)]);
  for (const [name, schema] of Object.entries(tableCustomFields)) {
    await call(server.url, "POST", "/v1/customMetadataFields", { body: { name, label: name, schema } });
  }
});
afterAll(() => server?.stop());

/** The stored state, which a refusal must not change. */
const traces = async () => ({
  files: (await call(server.url, "GET", "/v1/files?limit=1000")).body.length,
  blobs: (await blobFiles(server.dataDir)).length,
  spooled: (await spoolFiles(server.dataDir)).length,
});

describe("an expression is judged as the specification says", () => {
  const rows = Object.entries(conditions).map(([field, { hold, fail }]) => {
    const whole = (condition: string) => `"${field}" ${condition}`;
    return { field, hold: hold.map(whole), fail: fail.map(whole) };
  });
  const all = [...rows, { field: "whole expressions", ...expressions }];

  test("there are enough of them", () => {
    expect(all.flatMap(({ hold, fail }) => [...hold, ...fail]).length).toBeGreaterThanOrEqual(150);
  });

  test.each(all)("$field", async ({ hold, fail }) => {
    const judge = async (checks: string) => {
      const { status, body } = await uploadBasic(server.url, picture, { ...tableFields, checks });
      return status === 200 ? "holds" : body.reason;
    };
    const found: Record<string, string> = {};
    await Promise.all([...hold, ...fail].map(async (checks) => (found[checks] = await judge(checks))));
    expect(found).toEqual({
      ...Object.fromEntries(hold.map((checks) => [checks, "holds"])),
      ...Object.fromEntries(fail.map((checks) => [checks, "CHECKS_FAILED"])),
    });
  });
});

describe("checks that can't be read", () => {
  test.each([
    ["file.size < 1", `At character 1: expected a field in quotes or (, found "file.size".`],
    [`"file.size" < 1mb`, `At character 15: "1mb" must be in quotes.`],
    [`"file.size" < "1mb" AND`, "At character 24: expected a field in quotes or (, found the end."],
    [`"file.colour" = "red"`, `At character 1: there is no field "file.colour".`],
    [`"request.customMetadata.nobodys" = 1`, `At character 1: there is no field "request.customMetadata.nobodys".`],
    [`"file.size" NOT = 1`, "At character 13: file.size takes =, <, <=, >, >=, not NOT =."],
    [`"file.mime" IN ["image/png"`, "At character 28: expected , or ], found the end."],
    [`"file.mime" = "image/png`, `At character 15: the string "image/png" has no closing quote.`],
    [`"file.mime" = "\u202e\u0007é`, `At character 15: the string "???" has no closing quote.`],
    [" ", "At character 2: expected a field in quotes or (, found the end."],
  ])("%j are refused at their place", async (checks, help) => {
    const before = await traces();
    const answer = await uploadBasic(server.url, "hello", { fileName: "a.txt", checks });
    expectRefusal(answer, 400, "CHECKS_INVALID");
    expect(answer.body.help).toBe(help);
    expect(await traces()).toEqual(before);
  });
});

describe("checks that do not hold", () => {
  test.each([
    [`"file.size" <  1`, `"file.size" < 1`],
    [`"file.size" > 1 AND 'file.mime' = 'image/png' AND "file.size" < 1`, `'file.mime' = 'image/png'`],
    [`"file.size" > 1 AND ("file.size" < 1 OR "request.tags" IN [a])`, `"file.size" < 1 OR "request.tags" IN [a]`],
    [`"request.tags" IN ["\u202eé\u0007"]`, `"request.tags" IN ["?é?"]`],
  ])("%j: the answer names what fails, and nothing is left behind", async (checks, condition) => {
    const before = await traces();
    const answer = await uploadBasic(server.url, "hello", { fileName: "a.txt", folder: "/left", checks });
    expectRefusal(answer, 400, "CHECKS_FAILED");
    expect(answer.body.help).toBe(`This condition does not hold: ${condition}`);
    expect(await traces()).toEqual(before);
  });
});

const imagesOnly = `"file.mime" IN ["image/png", "image/jpeg"] AND "file.size" <= "1mb" AND "mediaMetadata.width" <= 100`;

describe("the file is judged by its bytes", () => {
  const judge = async (file: string | Uint8Array, fileName: string) => {
    const answer = await uploadBasic(server.url, file, { fileName, checks: imagesOnly });
    return [answer.status, answer.body.reason];
  };

  test("as the type and the size that it has, whatever it is called", async () => {
    expect(await judge(await png(100, 20), "a.exe")).toEqual([200, undefined]);
    expect(await judge(await png(101, 20), "a.png")).toEqual([400, "CHECKS_FAILED"]);
    expect(await judge("hello", "a.png")).toEqual([400, "CHECKS_FAILED"]);
    expect(await judge(svg, "a.png")).toEqual([400, "CHECKS_FAILED"]);
    expect(await judge(mp4(), "a.png")).toEqual([400, "CHECKS_FAILED"]);
    const padded = Buffer.concat([await png(), Buffer.alloc(1024 * 1024)]);
    expect(await judge(padded, "a.png")).toEqual([400, "CHECKS_FAILED"]);
  });

  test("and what can't be told of a video yet is no reason to let it in", async () => {
    const checks = `"mediaMetadata.videoCodec" NOT = "hevc"`;
    const answer = await uploadBasic(server.url, mp4(), { fileName: "a.mp4", checks });
    expectRefusal(answer, 400, "PARAMETER_NOT_SUPPORTED");
    expect(answer.body.message).toContain("checks (mediaMetadata of a video or audio file that can't be read)");
  });
});

describe("in every mode", () => {
  const fields = { fileName: "a.bin", checks: imagesOnly };
  const signed = (file: string | Uint8Array) =>
    post(server.url, [filePart(file), ...textParts({ ...fields, ...signV1() })], { version: 1 });
  const modes: readonly [string, (file: string | Uint8Array) => Promise<Answer>][] = [
    ["Basic at V1", (file) => uploadBasic(server.url, file, fields, { version: 1 })],
    ["Basic at V2", (file) => uploadBasic(server.url, file, fields)],
    ["a V1 signature", signed],
    ["a token behind the file", (file) => uploadWithToken(server.url, file, fields)],
    [
      "a token before the file",
      (file) => post(server.url, [textPart("token", mint(fields)), ...textParts(fields), filePart(file)]),
    ],
    [
      "a token before the file, and the fields behind it",
      (file) => post(server.url, [textPart("token", mint(fields)), filePart(file), ...textParts(fields)]),
    ],
  ];

  test.each(modes)("%s", async (_, upload) => {
    expectStored(await upload(await png()));
    expectRefusal(await upload("hello"), 400, "CHECKS_FAILED");
  });

  test("locked in a token they are the app's, and a page can neither leave them out nor ease them", async () => {
    const form: Fields = { fileName: "a.bin" };
    for (const sent of [form, { ...form, checks: `"file.size" > 0` }, { ...form, checks: "" }]) {
      expectRefusal(await uploadWithToken(server.url, "hello", sent, mint(fields)), 400, "PAYLOAD_MISMATCH");
    }
    const token = mint(fields);
    const refused = await uploadWithToken(server.url, "hello", fields, token);
    expectRefusal(refused, 400, "CHECKS_FAILED");
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expectRefusal(await uploadWithToken(server.url, await png(), fields, token), 400, "TOKEN_USED");
  });
});

describe("what the request decides is refused before the file is stored", () => {
  const inX = { fileName: "a.bin", folder: "/y", checks: `"request.folder" : "/x" AND "file.size" < 10` };
  const byDefault = { fileName: "a.bin", checks: `"request.isPrivateFile" = true` };
  const unread = { fileName: "a.bin", checks: "x" };
  const token = (fields: Fields) => textPart("token", mint(fields));

  test.each<[string, string, RawPart[], Record<string, string>]>([
    ["fields before the file", "CHECKS_FAILED", textParts(inX), { authorization: basic }],
    ["checks that can't be read", "CHECKS_INVALID", textParts(unread), { authorization: basic }],
    ["a token and its fields", "CHECKS_FAILED", [token(inX), ...textParts(inX)], {}],
    ["a token alone, whose fields are to come", "CHECKS_FAILED", [token(inX)], {}],
    ["a token that lacks a field", "CHECKS_FAILED", [token(byDefault)], {}],
  ])("%s", async (_, reason, before, headers) => {
    const upload = openUpload(server.url, [...before, filePart("never sent")], { headers });
    try {
      await upload.sendUntil("never sent");
      expectRefusal(await upload.answer, 400, reason);
      expect(await spoolFiles(server.dataDir)).toEqual([]);
    } finally {
      upload.abort();
    }
  });

  test("a field that comes behind the file counts as much", async () => {
    const { folder, ...others } = inX;
    const options = { authorization: basic };
    const behind = (value: string) => [...textParts(others), filePart("hello"), textPart("folder", value)];
    expectStored(await post(server.url, behind("/x"), options));
    expectRefusal(await post(server.url, behind(folder), options), 400, "CHECKS_FAILED");
  });

  test("a file that is named by its URL is not fetched", async () => {
    const host = await startFileHost((_, response) => response.end("hello"));
    try {
      const remote = (fields: Fields) => [...textParts(fields), textPart("file", `${host.url}/a`)];
      const options = { authorization: basic };
      expectRefusal(await post(server.url, remote(inX), options), 400, "CHECKS_FAILED");
      expectRefusal(await post(server.url, remote(inX).reverse(), options), 400, "CHECKS_FAILED");
      expect(host.connections).toBe(0);
      expectStored(await post(server.url, remote({ ...inX, folder: "/x" }), options));
    } finally {
      await host.close();
    }
  });
});

test("docs/checks.md says what its examples come to, and its refusals word by word", async () => {
  const page = await readFile(`${root}docs/checks.md`, "utf8");
  const examples = [...page.matchAll(/^\| `(.+)` \| (stored|refused) \|$/gm)].map(([, checks = "", outcome]) => ({
    checks,
    outcome,
  }));
  expect(examples.length).toBeGreaterThan(10);
  const sent = { fileName: "red shoe.jpg", folder: "/users/7/shoes", tags: "red,shoe" };
  const file = await jpeg(600, 400);
  const found = examples.map(async ({ checks }) => {
    const { status, body } = await uploadBasic(server.url, file, { ...sent, checks });
    return { checks, outcome: status === 200 ? "stored" : body.reason === "CHECKS_FAILED" ? "refused" : body.reason };
  });
  expect(await Promise.all(found)).toEqual(examples);

  const refusals = [...page.matchAll(/^\| `(CHECKS_\w+)` \| (.+) \| `(.+)` \|$/gm)].map(([, ...cells]) => cells);
  const large = Buffer.concat([file, Buffer.alloc(10 * 1024 * 1024)]);
  const refused = [`"file.size" < 1mb`, `"file.mime" : image AND "file.size" <= "10MB"`].map(async (checks) => {
    const { body } = await uploadBasic(server.url, large, { ...sent, checks });
    return [body.reason, body.message, body.help];
  });
  expect(await Promise.all(refused)).toEqual(refusals);
});

test("a policy of the token route that says types, sizes and pixels is what the server holds the file against", async () => {
  const uploadToken = uploadTokenHandler({
    keys,
    authorize: () => true,
    policy: {
      allow: ["fileName"],
      checks: {
        fileTypes: ["image/*", "application/pdf"],
        minSize: 60,
        maxSize: "4 kb",
        minWidth: 5,
        maxWidth: 512,
        minHeight: 4,
        maxHeight: 340,
      },
    },
  });
  const judge = async (file: string | Uint8Array) => {
    const uploadPayload = { fileName: "a.png" };
    const request = new Request("http://backend", { method: "POST", body: JSON.stringify({ uploadPayload }) });
    const { token, parameters } = await (await uploadToken(request)).json();
    const { body } = await uploadWithToken(server.url, file, parameters, token);
    return body.help?.replace("This condition does not hold: ", "") ?? "stored";
  };
  const padded = Buffer.concat([picture, Buffer.alloc(1)]);
  expect(await judge(picture)).toBe("stored");
  expect(await judge(await png(5, 4))).toBe("stored");
  expect(await judge(padded)).toBe(`"file.size" <= "4 kb"`);
  expect(await judge("hello")).toBe(`"file.mime" : "image/" OR "file.mime" IN ["application/pdf"]`);
  expect(await judge("%PDF-1.7\n")).toBe(`"file.size" >= 60`);
  expect(await judge(`%PDF-1.7\n${" ".repeat(60)}`)).toBe(`"mediaMetadata.width" >= 5`);
  expect(await judge(await png(4, 4))).toBe(`"mediaMetadata.width" >= 5`);
  expect(await judge(await png(513, 4))).toBe(`"mediaMetadata.width" <= 512`);
  expect(await judge(await png(5, 3))).toBe(`"mediaMetadata.height" >= 4`);
  expect(await judge(await png(5, 341))).toBe(`"mediaMetadata.height" <= 340`);
});
