import { expect, test } from "vitest";
import { kindOf } from "./media-kind.ts";

test.each([
  ["image/jpeg", "picture"],
  ["image/svg+xml", "picture"],
  ["image/vnd.adobe.photoshop", "picture"],
  ["image/mj2", "video"],
  ["video/webm", "video"],
  ["application/mxf", "video"],
  ["application/vnd.ms-asf", "video"],
  ["application/vnd.rn-realmedia", "video"],
  ["audio/mpeg", "audio"],
  ["application/pdf", "document"],
  ["application/zip", "other"],
  ["text/plain", "other"],
])("%s is of the kind %s", (mime, kind) => {
  expect(kindOf(mime)).toBe(kind);
});
