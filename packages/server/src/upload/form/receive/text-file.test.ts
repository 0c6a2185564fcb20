import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openTextFile } from "./text-file.ts";

/** Behaves like a part's body: a loop can stop in the middle, and another one continues there. */
function bodyOf(next: () => IteratorResult<Buffer, undefined>): AsyncIterableIterator<Buffer, undefined> {
  return {
    next: async () => next(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function chunked(text: string | Buffer, cuts: readonly number[]): AsyncIterableIterator<Buffer, undefined> {
  const bytes = Buffer.from(text);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
  const iterator = chunks.values();
  return bodyOf(() => iterator.next());
}

async function decode(text: string, cuts: readonly number[] = []): Promise<Buffer> {
  const file = await openTextFile(chunked(text, cuts));
  if ("url" in file) throw new Error("a URL");
  const decoded: Buffer[] = [];
  for await (const chunk of file.bytes) decoded.push(chunk);
  return Buffer.concat(decoded);
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });

test("base64 of either alphabet, wrapped or not, padded or not, in any chunks, is decoded", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array(),
      fc.constantFrom("base64", "base64url"),
      fc.constantFrom("", "\r\n", " "),
      fc.constantFrom("", "data:image/png;base64,", "data:;base64,", "data:text/plain;charset=utf-8;base64,"),
      cuts,
      async (bytes, alphabet, wrap, header, where) => {
        const encoded = Buffer.from(bytes).toString(alphabet as "base64");
        const text = header + (encoded.match(/.{1,76}/g) ?? []).join(wrap);
        expect(Buffer.from(await decode(text, where))).toEqual(Buffer.from(bytes));
      },
    ),
  );
});

test.each([
  "a",
  "abcde",
  "ab=c",
  "a===",
  "abc==",
  "abcd=",
  "abcd====",
  "ab!d",
  "é",
  "%20",
  "data:image/png,abcd",
  "data:image/png;base64",
])("%j is refused by name", async (text) => {
  await expect(decode(text)).rejects.toMatchObject({
    reason: "PARAMETER_INVALID",
    message: "Your request contains invalid file parameter.",
  });
});

test("an http or https URL is kept as it is, without the white space around it, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("http://", "https://", "HTTPS://", "hTTp://"),
      fc.constantFrom("", " ", "\r\n\t"),
      fc.constantFrom("", " ", "\n"),
      fc.constantFrom("example.com/a.jpg", "", "例え.テスト/ä b.jpg?c=d,e", "user:password@example.com/"),
      cuts,
      async (scheme, before, after, rest, where) => {
        expect(await openTextFile(chunked(before + scheme + rest + after, where))).toEqual({ url: scheme + rest });
      },
    ),
  );
});

test.each([
  "file:///etc/passwd",
  "ftp://example.com/a",
  "http:/example.com",
  "http:example.com",
  "//example.com/a",
  "gopher://a",
])("%j is no URL to fetch but broken base64", async (text) => {
  await expect(decode(text)).rejects.toMatchObject({ reason: "PARAMETER_INVALID" });
});

test("a URL of 8 KiB is taken, one of a byte more is refused, at once even if it never ends", async () => {
  const longest = `https://example.com/${"a".repeat(8192 - 20)}`;
  expect(await openTextFile(chunked(longest, [3, 5000]))).toEqual({ url: longest });
  const refusal = { reason: "PARAMETER_TOO_LARGE" };
  await expect(openTextFile(chunked(`${longest}a`, []))).rejects.toMatchObject(refusal);
  const endless = bodyOf(() => ({ done: false, value: Buffer.from("https://") }));
  await expect(openTextFile(endless)).rejects.toMatchObject(refusal);
});

test("a URL that is not valid UTF-8 is refused", async () => {
  const text = Buffer.from("https://example.com/\xe4", "latin1");
  await expect(openTextFile(chunked(text, []))).rejects.toMatchObject({ reason: "PARAMETER_INVALID" });
});

test("any text either decodes or is refused with an error from the catalogue", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), cuts, async (text, where) => {
      try {
        await decode(text, where);
      } catch (error) {
        expect(error).toBeInstanceOf(SluiceError);
      }
    }),
  );
});

test("a file's name in place of the file is answered with how curl sends one", async () => {
  await expect(decode("photo.jpg")).rejects.toMatchObject({ help: expect.stringContaining("-F file=@name") });
});
