import { expect, test } from "vitest";
import { clockText, hasPicture, pageOf } from "./library-file.ts";

test("a page of a PDF has an address of its own, which keeps the file's version", () => {
  expect(pageOf("/demo/a.pdf?updatedAt=1", 2, "w-9")).toBe("/demo/a.pdf/ik-thumbnail.jpg?updatedAt=1&tr=pg-2,w-9");
  expect(pageOf("/demo/a.pdf", 1, "w-9")).toBe("/demo/a.pdf/ik-thumbnail.jpg?tr=pg-1,w-9");
});

test("images and PDFs have pictures, and so have videos and sounds that could be read", () => {
  expect(hasPicture({ fileType: "image", mime: "image/jpeg" })).toBe(true);
  expect(hasPicture({ fileType: "non-image", mime: "application/pdf" })).toBe(true);
  expect(hasPicture({ fileType: "non-image", mime: "video/mp4" })).toBe(false);
  expect(hasPicture({ fileType: "non-image", mime: "video/mp4", videoCodec: "h264" })).toBe(true);
  expect(hasPicture({ fileType: "non-image", mime: "audio/mpeg", audioCodec: "mp3" })).toBe(true);
  expect(hasPicture({ fileType: "non-image", mime: "audio/mpeg" })).toBe(false);
});

test("times are shown as players show them", () => {
  expect([0.4, 8, 61.6, 3723].map(clockText)).toEqual(["0:00", "0:08", "1:02", "1:02:03"]);
});
