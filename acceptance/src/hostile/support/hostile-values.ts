import fc, { type Arbitrary } from "fast-check";

const texts = [
  "",
  "a.jpg",
  "true",
  "null",
  "undefined",
  "-1",
  "1e309",
  "../../etc/passwd",
  "..%2f%2e%2e/",
  "%c0%ae",
  "%00",
  "a\r\nb: c",
  "\u202egpj.exe",
  "\ufeff\u200b",
  "e\u0301",
  "\u{10ffff}",
  "CON",
  "' or 1=1 --",
  "<script>",
  "__proto__",
  "constructor",
  '["x"]',
  "[".repeat(500),
  "x,y",
  "1,2,3,4",
  "/a/b c/",
  "/".repeat(500),
  "a".repeat(300),
] as const;

export const text: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }).map((value) => value.toWellFormed()) },
);
