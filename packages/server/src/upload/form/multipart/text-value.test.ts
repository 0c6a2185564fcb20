import { describe, expect, test } from "vitest";
import { type Part, readParts } from "./multipart-reader.ts";
import { readTextValue, requireUtf8 } from "./text-value.ts";

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
