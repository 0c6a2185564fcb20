import { parse } from "content-disposition";
import { expect, test } from "vitest";
import { contentDisposition } from "./attachment.ts";

function nameOf(name: string | undefined, fileName: string, extension: string): string | undefined {
  const header = contentDisposition({ name }, fileName, extension);
  // The characters that Node accepts in a header's value.
  expect(header).toMatch(/^[\x20-\x7e]+$/);
  const { type, parameters } = parse(header);
  expect(type).toBe("attachment");
  return parameters.filename;
}

test.each([
  [undefined, "photo.jpg", ".jpg", "photo.jpg"],
  [undefined, "photo.heic", ".webp", "photo.webp"],
  [undefined, "README", "", "README"],
  ["report", "a.pdf", ".pdf", "report.pdf"],
  ["report.pdf", "a.pdf", ".pdf", "report.pdf"],
  ["Report.PDF", "a.pdf", ".pdf", "Report.PDF"],
  ["v1.2", "a.pdf", ".pdf", "v1.2.pdf"],
  ["हिन्दी", "a.png", ".png", "हिन्दी.png"],
  ["100%41", "a.png", ".png", "100%41.png"],
  ["", "a.png", ".png", "a.png"],
])("%s for %s as %s is called %s", (name, fileName, extension, expected) => {
  expect(nameOf(name, fileName, extension)).toBe(expected);
});

test.each([
  ["a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x=1.txt"],
  ['a"; filename="evil.exe', "a_; filename=_evil.exe.txt"],
  ["../../etc/passwd", "_.._etc_passwd.txt"],
  ["..\\..\\x", "_.._x.txt"],
  ["\u202egpj.exe", "_gpj.exe.txt"],
  ["a\0b", "a_b.txt"],
  [".htaccess", "htaccess.txt"],
  ["...", "a.txt"],
])("%j does no harm", (name, expected) => {
  expect(nameOf(name, "a.txt", ".txt")).toBe(expected);
});

test.each([
  ["invoice\u202egpj.exe", ".exe", "invoice_gpj.exe"],
  ["photo.\u202egnp", ".\u202egnp", "photo._gnp"],
  ['a";x=\u2028.txt', ".txt", "a_;x=_.txt"],
  [".htaccess", "", "htaccess"],
  ["...", "", ""],
])("%j does no harm as the name of a file at an origin, which the URL gives", (fileName, extension, expected) => {
  expect(nameOf(undefined, fileName, extension)).toBe(expected);
});

test("a name without end is cut", () => {
  expect(nameOf("𝒳".repeat(5000), "a.txt", ".txt")).toBe(`${"𝒳".repeat(200)}.txt`);
});
