import { expect, test } from "vitest";
import { assertBlobKey, isBlobKey, newBlobKey } from "./blob-key.ts";

test("keys differ although they are made in the same moment", () => {
  const keys = new Set(Array.from({ length: 1000 }, () => newBlobKey(0)));
  expect(keys.size).toBe(1000);
  for (const key of keys) assertBlobKey(key);
});

test("keys of one second begin alike, and all beginnings have their turn", () => {
  expect(newBlobKey(5_000).slice(0, 2)).toBe(newBlobKey(5_999).slice(0, 2));
  const beginnings = new Set(Array.from({ length: 256 }, (_, second) => newBlobKey(second * 1000).slice(0, 2)));
  expect(beginnings.size).toBe(256);
});

test("keys of one second are in time's order, whatever the clock says", () => {
  const keys = Array.from({ length: 1000 }, (_, millisecond) => newBlobKey(1_795_000_000_000 + millisecond));
  expect(keys).toEqual(keys.toSorted());
  for (const now of [0, 0.5, 2 ** 45, 8.64e15]) assertBlobKey(newBlobKey(now));
});

test("no other text passes for a key", () => {
  for (const text of ["", "..", "00", `${newBlobKey()}0`, `${newBlobKey()}\n`, newBlobKey().replace(/.$/, "G")]) {
    expect(isBlobKey(text), text).toBe(false);
    expect(() => assertBlobKey(text)).toThrow(TypeError);
  }
});
