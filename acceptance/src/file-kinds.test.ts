import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original, textAt } from "./harness/deliver.ts";
import { refusal } from "./harness/media-api.ts";
import { filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const invalidFile = [400, "Your request contains invalid file parameter.", "PARAMETER_INVALID"];
const missingFile = [400, "Your request is missing file parameter.", "FILE_MISSING"];
const urlNotAllowed = [
  400,
  "Your request contains invalid file parameter. Its URL is not one that this server fetches.",
  "FILE_URL_NOT_ALLOWED",
];

const send = (file: RawPart | undefined, fileName = "f.bin") =>
  post(server.url, [...textParts({ fileName }), ...(file === undefined ? [] : [file])], { authorization: basic });

function sendWithToken(file: RawPart) {
  const fields = { fileName: "f.bin" };
  return post(server.url, [file, ...textParts(fields), textPart("token", mint(fields))]);
}

/** Uploads the file, expects it to be accepted, and returns the delivered bytes. */
async function bytesOf(file: RawPart): Promise<Buffer> {
  const { status, body } = await send(file);
  expect(body).toHaveProperty("url");
  expect(status).toBe(200);
  const { bytes } = await deliver(original(body.url));
  expect(body.size).toBe(bytes.length);
  return bytes;
}

describe("a binary file", () => {
  test("is stored byte for byte", async () => {
    const bytes = Buffer.concat([randomBytes(70_000), Buffer.from("\r\n--boundary\r\n\r\n--\r\n"), randomBytes(3)]);
    expect(await bytesOf(filePart(bytes))).toEqual(bytes);
  });

  test("is what its bytes are, whatever type and name its part declares", async () => {
    const picture = await send(filePart(await png(), "evil.exe", "application/x-msdownload"), "p.png");
    expect(picture.body).toMatchObject({ fileType: "image", width: 6, height: 4 });
    expect(picture.body.name).toMatch(/^p_/);
    const text = await send(filePart("just text", "p.png", "image/png"), "t.txt");
    expect(text.body).toMatchObject({ fileType: "non-image" });
    expect((await deliver(original(text.body.url))).headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  test("is stored as it is when its part says text/plain", async () => {
    expect((await bytesOf(filePart("aGVsbG8=", "a.txt", "text/plain"))).toString()).toBe("aGVsbG8=");
  });

  test("may hold a URL or base64: with a file name it is the file", async () => {
    for (const text of ["https://example.com/a.jpg", "aGVsbG8=", "data:text/plain;base64,aGVsbG8="]) {
      expect((await bytesOf(filePart(text, "photo.png", "image/png"))).toString()).toBe(text);
    }
  });
});

describe("a text part named file", () => {
  const content = Buffer.from([0xfb, 0xff, 0xfe, 0x00, 0x3e, 0x3f, 0xff]);

  test.each([
    ["base64", content.toString("base64")],
    ["base64 without padding", content.toString("base64").replace(/=+$/, "")],
    ["the URL alphabet", content.toString("base64url")],
    ["the URL alphabet with padding", `${content.toString("base64url")}==`],
    ["white space in it", ` \t${content.toString("base64").replace(/(.{3})/g, "$1\r\n ")}\f\v\n`],
    ["a data URI", `data:image/png;base64,${content.toString("base64")}`],
    ["a data URI with parameters", `data:text/plain;charset=utf-8;base64,${content.toString("base64")}`],
    ["a data URI without a type", `data:;base64,${content.toString("base64")}`],
  ])("is decoded: %s", async (_, text) => {
    expect(await bytesOf(textPart("file", text))).toEqual(content);
  });

  test("is decoded with a token as well", async () => {
    const { body } = await sendWithToken(textPart("file", Buffer.from("hello").toString("base64")));
    expect(await textAt(body.url)).toBe("hello");
  });

  test.each([
    ["no base64", "this is no base64!"],
    ["letters beyond ASCII", "aGVsbG8é"],
    ["an impossible length", "aGVsb"],
    ["text behind the padding", "aGVs=bG8"],
    ["too much padding", "aGVsbG8==="],
    ["a data URI that is no base64", "data:text/plain,hello"],
    ["a data URI without data", "data:text/plain;base64"],
  ])("is refused: %s", async (_, text) => {
    expect(refusal(await send(textPart("file", text)))).toEqual(invalidFile);
    expect(refusal(await sendWithToken(textPart("file", text)))).toEqual(invalidFile);
  });

  test.each(["base64", "data URI"])("holds ten megabytes as %s", async (kind) => {
    const bytes = randomBytes(10 * 1024 * 1024);
    const text = `${kind === "base64" ? "" : "data:application/octet-stream;base64,"}${bytes.toString("base64")}`;
    const { status, body } = await send(textPart("file", text));
    expect(body).toMatchObject({ size: bytes.length });
    expect(status).toBe(200);
    expect(digest((await deliver(original(body.url))).bytes)).toBe(digest(bytes));
  });

  test.each(["http://127.0.0.1/a.jpg", "https://[::1]/a.jpg", " HTTPS://127.0.0.1"])(
    "that is a URL is not decoded but fetched, if it leads anywhere public: %s",
    async (url) => {
      expect(refusal(await send(textPart("file", url)))).toEqual(urlNotAllowed);
      expect(refusal(await sendWithToken(textPart("file", url)))).toEqual(urlNotAllowed);
    },
  );

  test.each(["file:///etc/passwd", "ftp://127.0.0.1/a.jpg", "//127.0.0.1/a.jpg"])(
    "that is a URL of another kind is broken base64: %s",
    async (url) => {
      expect(refusal(await send(textPart("file", url)))).toEqual(invalidFile);
    },
  );
});

describe("a missing file", () => {
  test("is refused", async () => {
    expect(refusal(await send(undefined))).toEqual(missingFile);
    const fields = { fileName: "f.bin" };
    const withToken = await post(server.url, [...textParts(fields), textPart("token", mint(fields))]);
    expect(refusal(withToken)).toEqual(missingFile);
  });

  test.each([
    ["a binary part", filePart("")],
    ["a text part", textPart("file", "")],
    ["white space", textPart("file", " \r\n")],
    ["a data URI", textPart("file", "data:image/png;base64,")],
  ])("is what an empty one is: %s", async (_, part) => {
    expect(refusal(await send(part))).toEqual(missingFile);
    expect(refusal(await sendWithToken(part))).toEqual(missingFile);
  });
});

describe("one file per request", () => {
  test("a second one is refused", async () => {
    const parts = [textPart("fileName", "f.bin"), filePart("a"), filePart("b")];
    expect(refusal(await post(server.url, parts, { authorization: basic }))).toEqual([
      400,
      "Your request contains the file parameter more than once.",
      "PARAMETER_REPEATED",
    ]);
  });

  test("and it is called file", async () => {
    const photo = { headers: ['Content-Disposition: form-data; name="photo"; filename="a.jpg"'], body: "a" };
    const parts = [textPart("fileName", "f.bin"), photo, filePart("b")];
    expect(refusal(await post(server.url, parts, { authorization: basic }))).toEqual([
      400,
      "Your request contains invalid photo parameter.",
      "PARAMETER_INVALID",
    ]);
  });
});

test.each([
  ["application/json", '{"file":"aGVsbG8=","fileName":"a.txt"}'],
  ["application/x-www-form-urlencoded", "file=aGVsbG8%3D&fileName=a.txt"],
  ["multipart/form-data", "--x--"],
])("the body is a multipart form and nothing else: %s", async (contentType, body) => {
  const headers = { authorization: basic, "content-type": contentType };
  const answer = await fetch(`${server.url}/api/v2/files/upload`, { method: "POST", headers, body });
  expect([answer.status, (await answer.json()).reason]).toEqual([400, "CONTENT_TYPE_INVALID"]);
});

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
