import { expect, test } from "vitest";
import { parseBoundary } from "./header-value.ts";

const seventy = "b".repeat(70);

test.each([
  ["multipart/form-data; boundary=abc", "abc"],
  ["multipart/form-data;boundary=abc", "abc"],
  ["Multipart/Form-Data; BOUNDARY=AbC", "AbC"],
  ["multipart/form-data; charset=utf-8; boundary=abc", "abc"],
  ["multipart/form-data; boundary=abc; charset=utf-8", "abc"],
  ["multipart/form-data; boundary=abc;", "abc"],
  ['multipart/form-data; boundary="abc"', "abc"],
  ['multipart/form-data; boundary="a b"', "a b"],
  ["multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW"],
  ["multipart/form-data; boundary=----=_Part_5_1838.1234", "----=_Part_5_1838.1234"],
  [`multipart/form-data; boundary="'()+_,-./:=?"`, "'()+_,-./:=?"],
  [`multipart/form-data; boundary=${seventy}`, seventy],
])("%s names its boundary", (contentType, boundary) => {
  expect(parseBoundary(contentType)).toBe(boundary);
});

test.each([
  [undefined],
  [""],
  ["application/json"],
  ["multipart/mixed; boundary=abc"],
  ["multipart/form-data"],
  ["multipart/form-data; boundary"],
  ["multipart/form-data; boundary="],
  ['multipart/form-data; boundary=""'],
  ['multipart/form-data; boundary="abc'],
  ['multipart/form-data; boundary="abc "'],
  ['multipart/form-data; boundary="a;b"'],
  ['multipart/form-data; boundary="a\\"b"'],
  ["multipart/form-data; boundary=a b"],
  ["multipart/form-data; boundary=grüße"],
  ["multipart/form-data; boundary=abc; boundary=xyz"],
  ["multipart/form-data; boundary=abc, multipart/form-data; boundary=xyz"],
  [`multipart/form-data; boundary=${seventy}b`],
])("%s has no valid boundary", (contentType) => {
  expect(parseBoundary(contentType)).toBeUndefined();
});
