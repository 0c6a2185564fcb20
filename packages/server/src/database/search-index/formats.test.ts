import { expect, test } from "vitest";
import { formatOf } from "./formats.ts";

test.each([
  ["picture", "image/jpeg", "a.png", "jpg"],
  ["other", "text/css; charset=utf-8", "a", "css"],
  ["other", "text/plain", "a.txt", "txt"],
  ["other", "text/plain", "a.m3u8", "m3u8"],
  ["other", "text/plain", "a.JS", "js"],
  ["other", "text/plain", "txt", null],
  ["other", "text/plain", "a.jpg", null],
  ["other", "text/plain", "a.mp4", null],
  ["other", "application/zip", "a.pdf", null],
  ["picture", "image/tiff", "a.txt", null],
] as const)("the %s %s named %s has the format %s", (kind, mime, name, format) => {
  expect(formatOf({ kind, mime, name })).toBe(format);
});
