import { expect, test } from "vitest";
import { searchWords } from "./words.ts";

test.each([
  ["red-shoe_1.JPG", ["red", "shoe", "1", "jpg"]],
  ["  ", []],
  ["🎉 --", []],
  ["Straße STRASSE ẞ", ["strasse", "strasse", "ss"]],
  ["ΟΔΟΣ οδος", ["οδοσ", "οδοσ"]],
  ["cafe\u0301 CAFÉ", ["café", "café"]],
  ["हिन्दी नमस्ते", ["हिन्दी", "नमस्ते"]],
  ["赤い靴shoe", ["赤", "い", "靴", "shoe"]],
  ["𠮷野家", ["𠮷", "野", "家"]],
  ["it's", ["it", "s"]],
  ["x".repeat(100), ["x".repeat(64)]],
  ["𐐀".repeat(100), ["𐐨".repeat(64)]],
])("%s has the words %j", (text, words) => {
  expect(searchWords(text)).toEqual(words);
});

test("the words of a word are that word, whatever characters it has", () => {
  for (let first = 0; first < 0x11_0000; first += 0x800) {
    if (first === 0xd800) continue;
    const points = Array.from({ length: 0x800 }, (_, index) => `a${String.fromCodePoint(first + index)}`);
    const words = searchWords(points.join(" ")).join(" ");
    if (searchWords(words).join(" ") !== words) throw new Error(`U+${first.toString(16)} and following`);
  }
});
