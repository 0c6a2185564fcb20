import fc from "fast-check";
import { expect, test } from "vitest";
import { safeSegment } from "./safe-segment.ts";

test.each([
  ["photo.jpg", "photo.jpg"],
  ["été 2.jpg", "été 2.jpg"],
  [".", "_"],
  ["..", "__"],
  ["", "_"],
  ["a/b", "a_b"],
  ["a\\b", "a_b"],
  ["a\0b", "a_b"],
  ["C:evil", "C_evil"],
  ["end. ", "end__"],
  ["CON", "_CON"],
  ["nul.txt", "_nul.txt"],
  ["console.txt", "console.txt"],
])("%j is written as %j", (name, expected) => expect(safeSegment(name)).toBe(expected));

test("a long name keeps its extension, and whole characters", () => {
  const segment = safeSegment(`${"é".repeat(300)}.jpeg`);
  expect(segment).toMatch(/^é+\.jpeg$/);
  expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(200);
});

test("whatever is stored, it is one segment that leads nowhere", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "é", "😀", "\ud800", ".", " ", "/", "\\", "\0", "nul", "~"), { maxLength: 150 }),
      (parts) => {
        const segment = safeSegment(parts.join(""));
        expect(segment).not.toMatch(/[/\\\0]|^\.{0,2}$|[. ]$/);
        expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255);
        expect(segment.isWellFormed()).toBe(true);
      },
    ),
  );
});
