import { expect, test } from "vitest";
import { textBounds } from "./text-bounds.ts";

const bounds = (text: string, rest: { fontSize?: number; lineHeight?: number; width?: number } = {}) =>
  textBounds({ text, fontSize: 10, lineHeight: undefined, width: undefined, ...rest });

test("a line is as wide as its letters are at most, and as high as a line", () => {
  expect(bounds("abcde")).toEqual({ width: 70, height: 16 });
  expect(bounds("abcde", { fontSize: 20 })).toEqual({ width: 140, height: 32 });
});

test("lines that are wrapped add to the height, and not to the width", () => {
  expect(bounds("abcdefghij", { width: 60 })).toEqual({ width: 70, height: 48 });
  expect(bounds("a\nb\nc")).toEqual({ width: 22, height: 48 });
  expect(bounds("a\u2028b")).toEqual({ width: 22, height: 32 });
});

test("lines may be closer or further apart than the font says", () => {
  expect(bounds("a\nb", { lineHeight: 100 }).height).toBe(116);
  expect(bounds("a\nb", { lineHeight: 1 }).height).toBe(17);
});

test("a width that no letter fits in has one letter a line", () => {
  expect(bounds("abcd", { width: 1 })).toEqual({ width: 22, height: 16 * 6 });
});

test("what is wider or higher than letters counts as such", () => {
  expect(bounds("\u{fdfd}").width).toBe(120);
  expect(bounds("\t").width).toBe(60);
  expect(bounds(`a${"\u0301".repeat(100)}`).height).toBe(316);
});
