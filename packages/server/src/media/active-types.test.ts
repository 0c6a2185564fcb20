import { expect, test } from "vitest";
import { isActiveType } from "./active-types.ts";

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
