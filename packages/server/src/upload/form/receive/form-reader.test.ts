import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { viewerOf } from "../../../access/viewer.ts";
import { defaultLimits } from "../../../config/limits.ts";
import { IncomingFile } from "../../../library/content/incoming-file.ts";
import { Spool } from "../../../spool/spool.ts";
import { basicAuthoriser } from "../authorise/authoriser.ts";
import { type Part, readParts } from "../multipart/multipart-reader.ts";
import { FormReader, readTextValue, requireUtf8 } from "./form-reader.ts";

const principal = {
  accountId: "account",
  imagekitId: "demo",
  viewer: viewerOf("key", "account", "full"),
  key: { id: "pair", role: "full", mayOverwrite: true },
};
type PartText = readonly [name: string, value: string, rest?: string];
const asFile = '; filename="a.txt"';

let folder: string;
let spool: Spool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-receive-"));
  spool = await Spool.open(folder);
});
afterAll(async () => {
  await spool.close();
  await rm(folder, { recursive: true });
});

/** Receives a form, whose bytes come one by one, beside Basic authentication. */
async function received(parts: readonly PartText[]) {
  const form = parts.map(
    ([name, value, rest = ""]) => `--b\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${value}\r\n`,
  );
  const bytes = Buffer.from(`${form.join("")}--b--\r\n`);
  const body = (async function* () {
    for (let index = 0; index < bytes.length; index++) yield bytes.subarray(index, index + 1);
  })();
  const file = new IncomingFile(spool, { file: 1000, video: 1000 });
  try {
    const authoriser = basicAuthoriser(principal as never, 2);
    const reader = new FormReader("multipart/form-data; boundary=b", body, authoriser, defaultLimits);
    const before = (await reader.toFile())?.fields;
    const { fields } = await reader.toEnd(file);
    const spooled = await file.finish();
    return { fields: Object.fromEntries(fields), size: spooled?.size, head: Buffer.from(file.head).toString(), before };
  } finally {
    await file.discard();
  }
}

describe("a text part named file before the file", () => {
  test.each(["{}", ""])("is skipped where it is %j", async (text) => {
    const { head, fields, before } = await received([
      ["file", text],
      ["fileName", "a"],
      ["file", "bytes", asFile],
    ]);
    expect([head, fields]).toEqual(["bytes", { fileName: "a" }]);
    expect(before).toEqual(new Map([["fileName", "a"]]));
  });

  test.each([
    [
      "metadata",
      [
        ["file", '{"a":1}'],
        ["file", "bytes", asFile],
      ],
      "must be base64",
    ],
    [
      "a placeholder with a blank",
      [
        ["file", " {}"],
        ["file", "bytes", asFile],
      ],
      "must be base64",
    ],
    [
      "a placeholder and no file",
      [
        ["file", "{}"],
        ["fileName", "a"],
      ],
      "must be base64",
    ],
    [
      "two placeholders",
      [
        ["file", "{}"],
        ["file", "{}"],
        ["file", "bytes", asFile],
      ],
      "more than once",
    ],
    [
      "a placeholder before base64",
      [
        ["file", "{}"],
        ["file", "QUJD"],
      ],
      "more than once",
    ],
    [
      "a placeholder behind the file",
      [
        ["file", "bytes", asFile],
        ["file", "{}"],
      ],
      "more than once",
    ],
    [
      "two files",
      [
        ["file", "bytes", asFile],
        ["file", "bytes", asFile],
      ],
      "more than once",
    ],
    [
      "two files behind a placeholder",
      [
        ["file", "{}"],
        ["file", "a", asFile],
        ["file", "b", asFile],
      ],
      "more than once",
    ],
  ] satisfies [string, PartText[], string][])("is refused as before: %s", async (_, parts, told) => {
    const error = await received(parts).then(
      () => undefined,
      (thrown: Error & { help: string }) => thrown,
    );
    expect(`${error?.message} ${error?.help}`).toContain(told);
  });

  test("that is empty is no file, and base64 of any length is one", async () => {
    expect(await received([["file", ""]])).toMatchObject({ size: undefined });
    expect(await received([["file", "QQ"]])).toMatchObject({ head: "A" });
    expect(await received([["file", "QUJD"]])).toMatchObject({ head: "ABC" });
  });
});

describe("a list that comes entry by entry", () => {
  test("is one text, and is not told before its last entry may have come", async () => {
    const { fields, before } = await received([
      ["fileName", "a"],
      ["tags", "red"],
      ["extensions", '{"name":"x"}'],
      ["file", "bytes", asFile],
      ["tags", "blue"],
      ["extensions", '{"name":"y"}'],
      ["responseFields", "tags"],
    ]);
    const extensions = '[{"name":"x"},{"name":"y"}]';
    expect(fields).toEqual({ fileName: "a", tags: "red,blue", extensions, responseFields: "tags" });
    expect(before).toEqual(new Map([["fileName", "a"]]));
  });

  test("may be one object without brackets, and a whole list stays what it is", async () => {
    const one = await received([["extensions", '{"name":"x"}']]);
    expect(one.fields).toEqual({ extensions: '[{"name":"x"}]' });
    const whole = await received([
      ["extensions", '[{"name":"x"}]'],
      ["tags", '["a, b"]'],
    ]);
    expect(whole.fields).toEqual({ extensions: '[{"name":"x"}]', tags: '["a, b"]' });
  });

  test.each([
    ["tags", '["a"]', "b"],
    ["extensions", '[{"name":"x"}]', '[{"name":"y"}]'],
    ["extensions", '{"name":"x"}', "y"],
    ["folder", "/a", "/a"],
    ["customMetadata", "{}", "{}"],
  ])("%s: %s and %s are refused", async (name, ...values) => {
    const parts = values.map((value): PartText => [name, value]);
    await expect(received(parts)).rejects.toMatchObject({ reason: "PARAMETER_REPEATED" });
  });
});

async function part(value: string | Buffer, contentType?: string): Promise<{ part: Part; read: () => number }> {
  const type = contentType === undefined ? "" : `\r\nContent-Type: ${contentType}`;
  const form = Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="tags"${type}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from("\r\n--b--"),
  ]);
  let read = 0;
  const source = {
    async next() {
      const chunk = form.subarray(read, read + 10);
      read += chunk.length;
      return chunk.length > 0 ? { done: false, value: chunk } : { done: true, value: undefined };
    },
  } as AsyncIterator<Uint8Array>;
  const first = await readParts(source, "b").next();
  if (first.done) throw new Error("There is no part.");
  return { part: first.value, read: () => read };
}

async function readBack(value: string | Buffer, contentType?: string, limit = 1_000): Promise<string> {
  return readTextValue((await part(value, contentType)).part, limit);
}

describe("a text value", () => {
  test.each(["", "a", "grüße 📷", "line\r\nbreaks\n", "\ufeffwith a byte order mark", "a\0b", "x".repeat(1_000)])(
    "%j is kept byte for byte",
    async (value) => {
      expect(await readBack(value)).toBe(value);
    },
  );

  test.each([
    "text/plain",
    "text/plain; charset=UTF-8",
    'text/plain;charset="utf-8"',
    "text/plain; charset=utf8",
    "application/json",
    "",
  ])("may be declared as %j", async (contentType) => {
    expect(await readBack("ü", contentType)).toBe("ü");
  });

  test.each([
    "text/plain; charset=iso-8859-1",
    "text/plain; charset=utf-16",
    "text/plain; charset=us-ascii",
    "a; charset=",
  ])("declared as %j is refused by name", async (contentType) => {
    await expect(readBack("a", contentType)).rejects.toMatchObject({
      reason: "PARAMETER_INVALID",
      message: expect.stringContaining("tags"),
    });
  });

  test("is refused when a charset could hide in a malformed type", async () => {
    await expect(readBack("a", "text/plain; charset=utf-8; charset=utf-16")).rejects.toThrow(/tags/);
  });

  test.each([
    ["a lone continuation byte", [0x80]],
    ["a Latin-1 umlaut", [0x61, 0xfc, 0x62]],
    ["an overlong NUL", [0xc0, 0x80]],
    ["half a surrogate pair", [0xed, 0xa0, 0x80]],
    ["a truncated sequence", [0x61, 0xe2, 0x82]],
  ])("is refused for %s", async (_, bytes) => {
    await expect(readBack(Buffer.from(bytes))).rejects.toMatchObject({ reason: "PARAMETER_INVALID" });
  });

  test("keeps characters that chunks split", async () => {
    expect(await readBack("📷".repeat(100))).toBe("📷".repeat(100));
  });

  test("has at most as many bytes as the limit, and isn't read further", async () => {
    expect(await readBack("ü".repeat(50), undefined, 100)).toBe("ü".repeat(50));
    await expect(readBack("x".repeat(101), undefined, 100)).rejects.toMatchObject({ reason: "PARAMETER_TOO_LARGE" });
    const { part: long, read } = await part("x".repeat(10_000));
    await expect(readTextValue(long, 100)).rejects.toMatchObject({
      reason: "PARAMETER_TOO_LARGE",
      message: expect.stringMatching(/tags.*100 bytes/),
    });
    expect(read()).toBeLessThan(300);
  });
});

test("the charset can be judged without reading the body", () => {
  const headers = { name: "file", filename: undefined };
  expect(() => requireUtf8({ ...headers, contentType: undefined })).not.toThrow();
  expect(() => requireUtf8({ ...headers, contentType: "text/plain; charset=koi8-r" })).toThrow(/file/);
});
