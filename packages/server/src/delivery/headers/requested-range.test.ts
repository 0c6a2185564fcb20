import { expect, test } from "vitest";
import { requestedRange } from "./requested-range.ts";

const etag = '"tag"';

test.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=2-5", { start: 2, end: 5 }],
  ["bytes=7-", { start: 7, end: 9 }],
  ["bytes=7-999", { start: 7, end: 9 }],
  ["bytes=9-9", { start: 9, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-10", { start: 0, end: 9 }],
  ["bytes=-11", { start: 0, end: 9 }],
  ["bytes=-99999999999999999999999", { start: 0, end: 9 }],
  ["Bytes=0-1", { start: 0, end: 1 }],
])("%s of ten bytes", (range, expected) => {
  expect(requestedRange({ range }, 10, etag)).toEqual(expected);
});

test.each(["bytes=10-", "bytes=10-10", "bytes=99999999999999999999-", "bytes=-0"])("%s can't be satisfied", (range) => {
  expect(requestedRange({ range }, 10, etag)).toBe("unsatisfiable");
});

test.each([
  undefined,
  "",
  "bytes",
  "bytes=",
  "bytes=x",
  "bytes=1",
  "bytes=1-x",
  "bytes=--1",
  "bytes=1.5-2",
  "items=0-1",
  "bytes=0-1,3-4",
  "bytes=0-,0-,0-",
])("%s means the whole", (range) => {
  expect(requestedRange({ range }, 10, etag)).toBeUndefined();
});

test("If-Range needs the very tag", () => {
  const range = "bytes=0-1";
  expect(requestedRange({ range, "if-range": etag }, 10, etag)).toEqual({ start: 0, end: 1 });
  for (const other of ['"other"', `W/${etag}`, "Thu, 15 Jan 2026 12:00:00 GMT"]) {
    expect(requestedRange({ range, "if-range": other }, 10, etag)).toBeUndefined();
  }
});
