import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBoundary, parseHeaderValue, trimBlanks } from "./header-value.ts";

function parse(text: string): Record<string, string> | undefined {
  const header = parseHeaderValue(text);
  return header && { "": header.value, ...Object.fromEntries(header.parameters) };
}

describe("a header value with parameters", () => {
  test.each<[string, Record<string, string> | undefined]>([
    ["", { "": "" }],
    [" Text/Plain ", { "": "text/plain" }],
    ["a;b=c", { "": "a", b: "c" }],
    ["a ; \t B=C \t ; d=e", { "": "a", b: "C", d: "e" }],
    ["a;", { "": "a" }],
    ["a; b=c; ", { "": "a", b: "c" }],
    ['a; b=""', { "": "a", b: "" }],
    ['a; b="c;d=e"; f=g', { "": "a", b: "c;d=e", f: "g" }],
    ["a; b*=UTF-8''c", { "": "a", "b*": "UTF-8''c" }],
    ["a;;b=c", undefined],
    ["a; ; b=c", undefined],
    ["a; b", undefined],
    ["a; b=", undefined],
    ["a; =c", undefined],
    ["a; b =c", undefined],
    ["a; b= c", undefined],
    ["a; b=c d", undefined],
    ['a; b="c', undefined],
    ['a; b="c"d', undefined],
    ['a; b=c"d"', undefined],
    ["a; b=c; B=d", undefined],
    ["a; b=c, d=e", undefined],
  ])("%j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe("a quoted parameter", () => {
  test("takes backslash escapes of quotes and backslashes, and leaves every other backslash alone", () => {
    expect(parse(String.raw`a; b="say \"hi\""`)).toEqual({ "": "a", b: 'say "hi"' });
    expect(parse(String.raw`a; b="x\\"; c=d`)).toEqual({ "": "a", b: "x\\", c: "d" });
    expect(parse(String.raw`a; b="C:\photos\x.jpg"`)).toEqual({ "": "a", b: "C:\\photos\\x.jpg" });
  });

  test("may end in a browser's bare backslash when nothing follows it", () => {
    expect(parse(String.raw`a; b="photo\"`)).toEqual({ "": "a", b: "photo\\" });
    expect(parse(String.raw`a; b="photo\\\" `)).toEqual({ "": "a", b: "photo\\\\" });
  });

  test("never lets an escaped quote in a name that was passed on start another parameter", () => {
    expect(parse(String.raw`form-data; name="file"; filename="x\"; name=\"token"`)).toEqual({
      "": "form-data",
      name: "file",
      filename: 'x"; name="token',
    });
    expect(parse(String.raw`form-data; name="a\"; filename="b"`)).toBeUndefined();
  });

  test("round-trips whatever a strict client quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const quoted = text.replaceAll(/[\\"]/g, "\\$&");
        expect(parse(`a; b="${quoted}"; c=d`)).toEqual({ "": "a", b: text, c: "d" });
      }),
    );
  });
});

test("blanks are spaces and tabs, nothing else", () => {
  expect(trimBlanks(" \ta b\t ")).toBe("a b");
  expect(trimBlanks("\u00a0a\ufeff")).toBe("\u00a0a\ufeff");
  expect(trimBlanks(" \t ")).toBe("");
});

test("parsing takes linear time on hostile values", () => {
  const size = 200_000;
  const started = performance.now();
  for (const filler of [" ", "\t", "\\", '\\"', ";", ";a", '"', "a=", "; ", "=", " ;"]) {
    for (const start of ["", "a;", 'a; b="', "a; b=", "a; b=c"]) {
      parseHeaderValue(start + filler.repeat(size));
      parseHeaderValue(`${start}${filler.repeat(size)}x`);
    }
  }
  // 110 values of up to 400 KB: quadratic time would take minutes.
  expect(performance.now() - started).toBeLessThan(5_000);
});

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
