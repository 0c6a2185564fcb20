import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BytesByteSource, bufferSource, FileByteSource, sliceSource } from "./byte-source.ts";

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-media-"));
  path = join(folder, "content");
  await writeFile(path, content);
});
afterAll(() => rm(folder, { recursive: true }));

const reads = fc.array(fc.tuple(fc.nat(210_000), fc.nat(70_000)), { maxLength: 8 });

const chunks = [content.subarray(0, 60_000), content.subarray(60_000, 60_001), content.subarray(60_001)];

test.each([
  ["a file", (head?: Buffer) => new FileByteSource(path, content.length, head, undefined)],
  ["memory", (head?: Buffer) => new BytesByteSource(chunks, content.length, head)],
])("reads from %s answer its bytes, whatever was at hand, and stay valid", async (_, open) => {
  await fc.assert(
    fc.asyncProperty(fc.option(fc.nat(content.length), { nil: undefined }), reads, async (headLength, wanted) => {
      const source = open(headLength === undefined ? undefined : content.subarray(0, headLength));
      try {
        const answers: Buffer[] = [];
        for (const [offset, length] of wanted) {
          const atHand = source.atHand(offset, length);
          const answer = await source.read(offset, length);
          expect((atHand ?? answer).equals(answer)).toBe(true);
          answers.push(answer);
        }
        answers.forEach((answer, index) => {
          const [offset, length] = wanted[index] ?? [0, 0];
          expect(answer.equals(content.subarray(offset, offset + length))).toBe(true);
        });
        expect((await source.head(4100)).equals(content.subarray(0, (await source.head(4100)).length))).toBe(true);
      } finally {
        await source.close();
      }
    }),
    { numRuns: 60 },
  );
});

test("of a file, its head and what was read last are at hand", async () => {
  const source = new FileByteSource(path, content.length, content.subarray(0, 100), undefined);
  try {
    expect(source.atHand(10, 90)).toEqual(content.subarray(10, 100));
    expect(source.atHand(10, 91)).toBeUndefined();
    await source.read(5000, 10);
    expect(source.atHand(5005, 50)).toEqual(content.subarray(5005, 5055));
    expect(source.atHand(4999, 2)).toBeUndefined();
    expect(source.atHand(content.length, 5)).toHaveLength(0);
    expect(source.atHand(content.length - 2, 5)).toBeUndefined();
    expect(await source.read(content.length - 2, 5)).toEqual(content.subarray(-2));
    expect(source.atHand(content.length - 2, 5)).toEqual(content.subarray(-2));
    expect(source.atHand(0, 1)).toEqual(content.subarray(0, 1));
  } finally {
    await source.close();
  }
});

test("what is in memory is always at hand", () => {
  const source = new BytesByteSource(chunks, content.length, content.subarray(0, 100));
  expect(source.atHand(10, 90)).toEqual(content.subarray(10, 100));
  expect(source.atHand(59_999, 3)).toEqual(content.subarray(59_999, 60_002));
  expect(source.atHand(content.length - 2, 5)).toEqual(content.subarray(-2));
  expect(source.atHand(content.length, 5)).toHaveLength(0);
  expect(bufferSource(content).atHand(content.length - 2, 5)).toEqual(content.subarray(-2));
});

test("a file whose head is at hand isn't opened for it", async () => {
  const source = new FileByteSource(join(folder, "missing"), 10, content.subarray(0, 10), undefined);
  expect(await source.head(4100)).toEqual(content.subarray(0, 10));
  expect(await source.read(2, 100)).toEqual(content.subarray(2, 10));
  await source.close();
});

test("a library is given a file's path, or the bytes that are in memory", () => {
  expect(new FileByteSource(path, content.length, undefined, undefined).whole).toBe(path);
  expect(new BytesByteSource(chunks, content.length, undefined).whole.equals(content)).toBe(true);
});

test("a slice ends where it or its source ends", async () => {
  const source = bufferSource(Buffer.from("0123456789"));
  expect((await sliceSource(source, 2, 3).read(1, 10)).toString()).toBe("34");
  expect((await sliceSource(source, 8, 30).read(0, 10)).toString()).toBe("89");
  expect(sliceSource(source, 20, 5).size).toBe(0);
  expect((await sliceSource(source, 2, -3).read(0, 5)).length).toBe(0);
  expect((await sliceSource(source, 2, 3).read(7, 5)).length).toBe(0);
});

test("of a slice is at hand what its source has at hand", async () => {
  const bytes = sliceSource(bufferSource(Buffer.from("0123456789")), 2, 3);
  expect(bytes.atHand(1, 10)?.toString()).toBe("34");
  expect(bytes.atHand(7, 5)).toHaveLength(0);
  const file = new FileByteSource(join(folder, "missing"), 200, content.subarray(0, 100), undefined);
  expect(sliceSource(file, 90, 10).atHand(0, 50)).toEqual(content.subarray(90, 100));
  expect(sliceSource(file, 90, 11).atHand(0, 50)).toBeUndefined();
});

test("an aborted read throws the reason", async () => {
  const source = new FileByteSource(path, content.length, undefined, AbortSignal.abort(new Error("gone")));
  await expect(source.read(0, 1)).rejects.toThrow("gone");
  expect(() => source.atHand(0, 1)).toThrow("gone");
});
