import { expect, test } from "vitest";
import { formatOf } from "./formats.ts";

test.each([
  ["image/jpeg", "a.png", "jpg"],
  ["text/css; charset=utf-8", "a", "css"],
  ["text/plain", "a.txt", "txt"],
  ["text/plain", "a.m3u8", "m3u8"],
  ["text/plain", "a.JS", "js"],
  ["text/plain", "txt", null],
  ["text/plain", "a.jpg", null],
  ["text/plain", "a.mp4", null],
  ["application/zip", "a.pdf", null],
  ["image/tiff", "a.txt", null],
])("%s named %s has the format %s", (mime, name, format) => {
  expect(formatOf(mime, name)).toBe(format);
});
