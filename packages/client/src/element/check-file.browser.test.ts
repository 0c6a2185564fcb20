import { describe, expect, test } from "vitest";
import { checkFile, isAccepted } from "./check-file.ts";
import { wordsFor } from "./words.ts";

const words = wordsFor(document.createElement("div"), () => ({}));
const limits = { accept: "", maxSize: "", minWidth: 0, minHeight: 0, maxWidth: 0, maxHeight: 0 };

describe("accept", () => {
  test.each([
    ["photo.jpg", "image/jpeg", "image/*", true],
    ["photo.jpg", "image/jpeg", "image/png,image/jpeg", true],
    ["photo.jpg", "image/jpeg", "image/png", false],
    ["report.PDF", "application/pdf", ".pdf", true],
    ["report.pdf", "application/pdf", "image/*, .PDF ,text/plain", true],
    ["report.pdf.exe", "application/x-msdownload", ".pdf", false],
    ["imagery.txt", "text/plain", "image/*", false],
    // The browser has no type for this file; the server will detect it.
    ["photo.heic", "", "image/*", true],
    ["photo.heic", "", ".jpg", false],
    ["anything", "application/x-thing", "", true],
  ])("%s of type %j for %j: %s", (name, type, accept, expected) => {
    expect(isAccepted({ name, type }, accept)).toBe(expected);
  });
});

test("a file of the wrong type, an empty one and one that is too large each get their reason", async () => {
  const text = new File(["hello"], "hello.txt", { type: "text/plain" });
  const check = (file: File, asked: object) => checkFile(file, { ...limits, ...asked }, words);
  expect(await check(text, { accept: "image/*" })).toMatchObject({ reason: "wrongType" });
  expect(await check(new File([], "none.txt"), {})).toMatchObject({ reason: "empty" });
  expect(await check(text, { maxSize: "4" })).toEqual({ reason: "tooLarge", values: { max: "4 byte" } });
  expect(await check(text, { maxSize: "5" })).toBeUndefined();
});

test("pictures with too few or too many pixels each get their reason", async () => {
  const canvas = new OffscreenCanvas(40, 30);
  canvas.getContext("2d");
  const picture = new File([await canvas.convertToBlob()], "picture.png", { type: "image/png" });
  const check = (asked: object) => checkFile(picture, { ...limits, ...asked }, words);
  expect(await check({ minWidth: 40, minHeight: 30, maxWidth: 40, maxHeight: 30 })).toBeUndefined();
  const few = { reason: "tooFewPixels", values: { width: 40, height: 30, min: "41 × 0" } };
  expect(await check({ minWidth: 41 })).toEqual(few);
  expect(await check({ minHeight: 31 })).toMatchObject({ reason: "tooFewPixels" });
  const many = { reason: "tooManyPixels", values: { width: 40, height: 30, max: "39 × ∞" } };
  expect(await check({ maxWidth: 39 })).toEqual(many);
  expect(await check({ maxHeight: 29 })).toMatchObject({ reason: "tooManyPixels" });
});

test("what is no picture has no pixels to complain about", async () => {
  const text = new File(["hello"], "hello.png", { type: "image/png" });
  expect(await checkFile(text, { ...limits, minWidth: 100 }, words)).toBeUndefined();
});
