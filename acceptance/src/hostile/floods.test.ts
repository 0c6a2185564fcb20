import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { call } from "../harness/media-api.ts";
import { encodeForm, filePart, type RawPart, textPart } from "../harness/multipart.ts";
import { exchange } from "../harness/raw-http.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic, mint, post, uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

const KiB = 1024;

let server: RunningServer;
let fileId: string;
beforeAll(async () => {
  server = await startServer();
  fileId = (await uploadBasic(server.url, "hello", { fileName: "victim.txt" })).body.fileId;
});
afterAll(async () => {
  expect(alarmsOf(server)).toEqual([]);
  await server.stop();
});

const send = (parts: readonly RawPart[]) => post(server.url, parts, { authorization: basic });
const named = (length: number): RawPart[] => Array.from({ length }, (_, index) => textPart(`field-${index}`, "value"));
const file = [textPart("fileName", "a.txt"), filePart("hello")];

describe("a form", () => {
  test("of as many parts as may be is read, one of a part more is refused, and so is one of ten thousand", async () => {
    expectStored(await send([...named(62), ...file]));
    for (const count of [63, 10_000]) expectRefusal(await send([...named(count), ...file]), 400, "FORM_TOO_LARGE");
  });

  test.each([
    ["a name of 20 KiB", [textPart("a".repeat(20 * KiB), "")], "FORM_TOO_LARGE"],
    ["a file name of 20 KiB", [filePart("x", "a".repeat(20 * KiB))], "FORM_TOO_LARGE"],
    [
      "ten thousand header lines in a part",
      [{ headers: ['Content-Disposition: form-data; name="a"', ...Array(10_000).fill("x: y")], body: "" }],
      "FORM_TOO_LARGE",
    ],
    [
      "ten thousand parameters in a header",
      [{ headers: [`Content-Disposition: form-data; name="a"${"; x=y".repeat(10_000)}`], body: "" }],
      "FORM_TOO_LARGE",
    ],
    [
      "ten thousand escapes in a name",
      [{ headers: [`Content-Disposition: form-data; name="${'\\"'.repeat(8_000)}`], body: "" }],
      undefined,
    ],
    ["a field of 65 KiB", [textPart("description", "a".repeat(65 * KiB))], "PARAMETER_TOO_LARGE"],
    [
      "fields of 300 KiB together",
      named(30).map((part) => ({ ...part, body: "a".repeat(10 * KiB) })),
      "FORM_TOO_LARGE",
    ],
    ["tags of ten thousand commas", [textPart("tags", "a,".repeat(10_000))], "PARAMETER_INVALID"],
    ["a folder of ten thousand levels", [textPart("folder", "a/".repeat(10_000))], "FOLDER_INVALID"],
    ["a folder of sixty thousand slashes", [textPart("folder", "/".repeat(60_000))], undefined],
    ["a name of combining marks alone", [textPart("fileName", "\u0301".repeat(30_000))], "PARAMETER_INVALID"],
    ["a list nested thirty thousand deep", [textPart("tags", "[".repeat(30_000))], "PARAMETER_INVALID"],
  ] as [string, RawPart[], string | undefined][])("with %s costs a clean answer", async (_what, parts, reason) => {
    const all = parts[0]?.headers[0]?.includes('name="fileName"') ? [...parts, filePart("x")] : [...parts, ...file];
    const started = performance.now();
    const answer = await send(all);
    expect(performance.now() - started).toBeLessThan(5_000);
    if (reason === undefined) expectStored(answer);
    else expectRefusal(answer, 400, reason);
    expect(JSON.stringify(answer.body).length).toBeLessThan(40 * KiB);
  });

  test("in chunks of one byte each is read like any other", async () => {
    const { contentType, body } = encodeForm(file);
    const head = `POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\nauthorization: ${basic}\r\ncontent-type: ${contentType}\r\n`;
    const chunks = [...body].flatMap((byte) => [Buffer.from("1\r\n"), Buffer.of(byte), Buffer.from("\r\n")]);
    const request = [Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`), ...chunks, Buffer.from("0\r\n\r\n")];
    expect((await exchange(server.url, Buffer.concat(request))).status).toBe(200);
  });

  test("with a token of two thousand claims is judged as quickly as any other", async () => {
    const claims = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`claim-${index}`, "x"]));
    const started = performance.now();
    const token = mint({ fileName: "a.txt", ...claims });
    const answer = await post(server.url, [textPart("token", token), ...named(60), ...file]);
    expect(performance.now() - started).toBeLessThan(5_000);
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help.length).toBeLessThan(5_000);
    expectRefusal(
      await post(server.url, [textPart("token", "e".repeat(65 * KiB)), ...file]),
      400,
      "PARAMETER_TOO_LARGE",
    );
  });
});

describe("headers of a request", () => {
  test.each([
    ["one of 17 KiB", `x: ${"a".repeat(17 * KiB)}`],
    ["one of 65 KiB", `x: ${"a".repeat(65 * KiB)}`],
    ["ten thousand of them", Array(10_000).fill("x: y").join("\r\n")],
    ["a target of 17 KiB", undefined],
  ])("%s are refused with a JSON answer", async (_what, lines) => {
    const target = lines === undefined ? `/demo/${"a".repeat(17 * KiB)}` : "/health";
    const answer = await exchange(server.url, `GET ${target} HTTP/1.1\r\nhost: test\r\n${lines ?? "x: y"}\r\n\r\n`);
    expectRefusal({ status: answer.status, body: JSON.parse(answer.text) }, 431, "HEADERS_TOO_LARGE");
  });

  test.each(["range", "accept", "if-none-match", "if-modified-since", "authorization", "expect", "content-type"])(
    "a %s of 15 KiB of repetitions is read in no time",
    async (name) => {
      const started = performance.now();
      for (const piece of ["bytes=0-0,", " ", "*/*;q=", 'W/"', "basic ", ";a=b", "-"]) {
        const lines = `host: test\r\n${name}: ${piece.repeat(15_000 / piece.length)}\r\n`;
        for (const target of ["/demo/victim.txt?tr=n-ik_ml_thumbnail", "/v1/files"]) {
          const { status } = await exchange(server.url, `GET ${target} HTTP/1.1\r\n${lines}\r\n`);
          expect(status).toBeLessThan(500);
        }
      }
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});

describe("a JSON body", () => {
  const patch = (body: string) =>
    fetch(`${server.url}/v1/files/${fileId}/details`, {
      method: "PATCH",
      headers: { authorization: basic, "content-type": "application/json" },
      body,
    });

  test.each([
    ["nested half a million deep", "[".repeat(500_000), 400],
    ["nested and closed", `{"tags":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, 400],
    ["objects nested and closed", `{"tags":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`, 400],
    ["with a hundred thousand members", `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join(",")}}`, 400],
    ["with a number of half a million digits", `{"description":${"9".repeat(500_000)}}`, 400],
    ["with a text of half a million escapes", `{"description":"${"\\u0061".repeat(150_000)}"}`, 400],
    ["with three hundred thousand tags", `{"tags":[${Array(300_000).fill('""').join(",")}]}`, 200],
    ["with an unknown member of 100 KiB", `{"${"k".repeat(100 * KiB)}":1}`, 400],
    ["of more than 1 MiB", `{"description":"${"a".repeat(1100 * KiB)}"}`, 413],
  ])("%s costs a clean answer", async (_what, body, status) => {
    const started = performance.now();
    const answer = await patch(body);
    const text = await answer.text();
    expect([answer.status, text.slice(0, 200)]).toEqual([status, expect.stringContaining("{")]);
    expect(JSON.parse(text)).toEqual(expect.any(Object));
    expect(text.length).toBeLessThan(10 * KiB);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("that announces a compression is taken as it is", async () => {
    const headers = { "content-encoding": "gzip" };
    const answer = await call(server.url, "PATCH", `/v1/files/${fileId}/details`, { body: { tags: ["a"] }, headers });
    expect(answer.status).toBe(200);
  });
});
