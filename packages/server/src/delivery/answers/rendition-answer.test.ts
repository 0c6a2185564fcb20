import { expect, test } from "vitest";
import { renditionAnswer } from "./rendition-answer.ts";

const headers = { "cache-control": "private", "last-modified": "Thu, 01 Jan 1970 00:00:00 GMT" };
const derived = { data: Buffer.alloc(1000), contentType: "image/png", width: 9, digest: "0" };

test("a range counts as much memory as the whole file that it is a part of", () => {
  const ofRange = renditionAnswer({ requestHeaders: { range: "bytes=0-9" }, headers }, "key", derived, {});
  expect(ofRange).toMatchObject({ status: 206, body: Buffer.alloc(10) });
  expect(ofRange.held).toBe(derived.data);
  const whole = renditionAnswer({ requestHeaders: {}, headers }, "key", derived, {});
  expect(whole).toMatchObject({ status: 200, body: derived.data });
  expect(whole.held).toBeUndefined();
});
