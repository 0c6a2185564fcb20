import { expect, test } from "vitest";
import { isActiveType, isPassiveType } from "./active-types.ts";

test.each([
  "text/html",
  "TEXT/HTML; charset=utf-8",
  " text/html ;x",
  "image/svg+xml",
  "application/xhtml+xml",
  "application/xml",
  "text/xml",
  "application/rss+xml",
  "application/pdf",
  "text/javascript",
])("%s is sandboxed", (mime) => {
  expect(isActiveType(mime)).toBe(true);
});

test.each(["image/png", "text/plain", "application/json", "video/mp4", "application/octet-stream", ""])(
  "%s is not",
  (mime) => {
    expect(isActiveType(mime)).toBe(false);
  },
);

test.each(["image/png", "IMAGE/JPEG", "video/mp4", "audio/mpeg; x=y", "font/woff2"])(
  "%s may come from anywhere",
  (mime) => {
    expect(isPassiveType(mime)).toBe(true);
  },
);

test.each([
  "image/svg+xml",
  "image/SVG+XML; x",
  "text/plain",
  "application/pdf",
  "application/octet-stream",
  "video",
  "",
])("%s comes from here alone", (mime) => {
  expect(isPassiveType(mime)).toBe(false);
});
