import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../../config/limits.ts";
import { IncomingFile } from "../../../library/content/incoming-file.ts";
import { Spool } from "../../../spool/spool.ts";
import { basicAuthoriser } from "../authorise/authoriser.ts";
import { FormReader } from "./form-reader.ts";

const principal = { accountId: "account", imagekitId: "demo", key: { id: "pair", role: "full", mayOverwrite: true } };
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
