import fc from "fast-check";
import { expect, test } from "vitest";
import { beginsLikeText, decodeText, judgeText } from "./text-content.ts";

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le").swap16();

test.each([
  ["ASCII", Buffer.from("hello\r\n\tworld\f\x1b[1m\x7f"), true],
  ["UTF-8", Buffer.from("grüße ✓ 😀"), true],
  ["UTF-8 with a byte order mark", Buffer.from("\ufeffhello"), true],
  ["UTF-16 little endian", Buffer.from("\ufeffgrüße 😀", "utf16le"), true],
  ["UTF-16 big endian", utf16be("grüße 😀"), true],
  ["nothing", Buffer.alloc(0), true],
  ["a zero byte", Buffer.from("hello\0"), false],
  ["a control character late", Buffer.from(`${"a".repeat(5000)}\x01`), false],
  ["Latin-1", Buffer.from("grüße", "latin1"), false],
  ["an overlong form", Buffer.from([0x61, 0xc0, 0xaf]), false],
  ["a surrogate in UTF-8", Buffer.from([0xed, 0xa0, 0x80]), false],
  ["a lone surrogate in UTF-16", Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00]), false],
  ["an odd byte in UTF-16", Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x61]), false],
  ["a zero in UTF-16", Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0x00]), false],
  ["a character cut off", Buffer.from("grüße ✓").subarray(0, -1), false],
])("%s is judged as text: %#", (_, bytes, expected) => {
  const judge = judgeText(bytes);
  expect(judge.push(bytes) && judge.end()).toBe(expected);
});

test("a beginning may end inside a character, in either encoding", () => {
  expect(beginsLikeText(Buffer.from("grüße ✓").subarray(0, -1))).toBe(true);
  expect(beginsLikeText(Buffer.from("\ufeff😀", "utf16le").subarray(0, 5))).toBe(true);
  expect(decodeText(Buffer.from("\ufeffgrün ✓").subarray(0, -1))).toBe("grün ");
});

test("the verdict doesn't depend on where the chunks are cut", () => {
  const bytes = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
    fc.uint8Array().map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(40)), (content, cuts) => {
      const whole = judgeText(content);
      const expected = whole.push(content) && whole.end();
      const judge = judgeText(content);
      const edges = [...new Set([0, ...cuts.filter((cut) => cut < content.length), content.length])].sort(
        (a, b) => a - b,
      );
      const pushed = edges.every((edge, index) => judge.push(content.subarray(edges[index - 1] ?? 0, edge)));
      expect(pushed && judge.end()).toBe(expected);
    }),
  );
});
