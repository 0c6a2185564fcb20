import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTextFile } from "./text-file.ts";

async function decode(text: string, cuts: readonly number[] = []): Promise<Buffer> {
  const bytes = Buffer.from(text, "utf8");
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  async function* chunks() {
    for (const [index, edge] of edges.slice(1).entries()) yield bytes.subarray(edges[index], edge);
  }
  const decoded: Buffer[] = [];
  for await (const chunk of decodeTextFile(chunks())) decoded.push(chunk);
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

test("a remote URL is refused as not supported yet, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("http://", "https://", "HTTPS://", "  https://"), cuts, async (scheme, where) => {
      await expect(decode(`${scheme}example.com/a.jpg`, where)).rejects.toMatchObject({
        reason: "PARAMETER_NOT_SUPPORTED",
      });
    }),
  );
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
