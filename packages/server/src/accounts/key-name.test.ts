import { expect, test } from "vitest";
import { keyNameIn } from "./key-pair.ts";

test.each([
  [" shop backend ", "shop backend"],
  ["Cafe\u0301", "Café"],
  ["👩‍💻", "👩‍💻"],
  ["<b>", "<b>"],
  ["🛒".repeat(100), "🛒".repeat(100)],
])("%j is kept as %j", (text, name) => {
  expect(keyNameIn(text)).toBe(name);
});

test.each(["", " ", "x".repeat(101), "a\nb", "a\u2028b", "a\u001bb", "\ud800", "\u200b", "a\u202eb", "a\u2066b"])(
  "%j is no name",
  (text) => {
    expect(keyNameIn(text)).toBeUndefined();
  },
);
