import { describe, expect, test } from "vitest";
import { defaultMultipartLimits, MultipartError, type MultipartLimits } from "./multipart-error.ts";
import { MultipartScanner } from "./multipart-scanner.ts";

interface Scanned {
  /** Each part as `name=body`, in latin1. */
  parts: string[];
  error?: string;
}

/** Scans a form whose boundary is `b` and that arrives in chunks of `size` bytes. */
function scan(
  form: string,
  size: number,
  { boundary = "b", ...limits }: Partial<MultipartLimits & { boundary: string }> = {},
): Scanned {
  const scanner = new MultipartScanner(boundary, { ...defaultMultipartLimits, ...limits });
  const bytes = Buffer.from(form, "latin1");
  const parts: string[] = [];
  let at = 0;
  function pull<Result>(read: () => Result | undefined): Result {
    for (;;) {
      const result = read();
      if (result !== undefined) return result;
      if (at >= bytes.length) scanner.end();
      else scanner.push(Uint8Array.from(bytes.subarray(at, at + size)));
      at += size;
    }
  }

  try {
    for (;;) {
      const headers = pull(() => scanner.readHeaders());
      if (headers === null) return { parts };
      const index = parts.push(`${headers.name}=`) - 1;
      for (;;) {
        const body = pull(() => scanner.readBody());
        if (body === null) break;
        expect(body.length).toBeGreaterThan(0);
        parts[index] += body.toString("latin1");
        // A caller may change the bytes of a body; the bytes that come later must not be affected.
        body.fill("!");
      }
    }
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    return { parts, error: error.code };
  }
}

const field = (name: string, body: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${body}\r\n`;
const headersOnly = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;

describe.each([1, 2, 3, 7, 64, 100_000])("in chunks of %d bytes", (size) => {
  test.each<[string, string, string[]]>([
    ["one part", `${field("a", "1")}--b--\r\n`, ["a=1"]],
    ["several parts", `${field("a", "1")}${field("b", "22")}${field("c", "333")}--b--\r\n`, ["a=1", "b=22", "c=333"]],
    ["no parts", "--b--\r\n", []],
    ["no line break after the end", `${field("a", "1")}--b--`, ["a=1"]],
    ["a bare LF after the end", `${field("a", "1")}--b--\n`, ["a=1"]],
    ["blanks after the end", `${field("a", "1")}--b-- \t`, ["a=1"]],
    ["an empty body", `${field("a", "")}${field("b", "")}--b--`, ["a=", "b="]],
    ["parts that end with their headers", `${headersOnly("a")}${headersOnly("b")}--b--`, ["a=", "b="]],
    ["a body of line breaks", `${field("a", "\r\n\r\n\r")}${field("b", "\r\r\n")}--b--`, ["a=\r\n\r\n\r", "b=\r\r\n"]],
    ["a body of LF alone", `${field("a", "x\n--b\n--b--\n")}--b--`, ["a=x\n--b\n--b--\n"]],
    [
      "near-boundaries",
      `${field("a", "\r\n-b\r\n--\r\n--c\r--b\r\n --b")}--b--`,
      ["a=\r\n-b\r\n--\r\n--c\r--b\r\n --b"],
    ],
    ["a boundary in the middle of a line", `${field("a", "x--b--\r\nx--b\r\n")}--b--`, ["a=x--b--\r\nx--b\r\n"]],
    ["a body that begins with hyphens", `${field("a", "--\r\n--a")}--b--`, ["a=--\r\n--a"]],
    ["a preamble", `Hello\r\n\r\n--a\r\nb--b\r\n${field("a", "1")}--b--`, ["a=1"]],
    ["a preamble of one line break", `\r\n${field("a", "1")}--b--`, ["a=1"]],
    ["a preamble of CRs", `\r\r\n${field("a", "1")}--b--`, ["a=1"]],
    ["an epilogue", `${field("a", "1")}--b--\r\nbye\r\n${field("c", "3")}--b--`, ["a=1"]],
    ["padding after boundaries", `${field("a", "1").replace("--b", "--b \t ")}--b--\t\r\n`, ["a=1"]],
    ["headers in another order", `--b\r\nx-y: 1\r\ncontent-DISPOSITION: form-data; name=a\r\n\r\n1\r\n--b--`, ["a=1"]],
  ])("%s", (_, form, parts) => {
    expect(scan(form, size)).toEqual({ parts });
  });

  test.each([
    ["of one character", "-"],
    ["of special characters", "'()+_,-./:=?"],
    ["with a blank in it", "a b"],
    ["of 70 characters", "x".repeat(70)],
    ["that repeats itself", "-".repeat(40)],
  ])("a boundary %s", (_, boundary) => {
    const body = `\r\n--${boundary.slice(0, -1)}\r\n-${boundary}\r`;
    const form = `--${boundary}\r\nContent-Disposition: form-data; name=a\r\n\r\n${body}\r\n--${boundary}--\r\n`;
    expect(scan(form, size, { boundary })).toEqual({ parts: [`a=${body}`] });
  });

  test.each<[string, string, string[]]>([
    ["nothing", "", []],
    ["a first boundary that breaks off", "--", []],
    ["a line that breaks off", "--b", []],
    ["a line that breaks off in its hyphens", `${field("a", "1")}--b-`, ["a=1"]],
    ["a line that breaks off after CR", "--b\r", []],
    ["headers that break off", "--b\r\nContent-Disposition: form-data", []],
    ["headers without their blank line", '--b\r\nContent-Disposition: form-data; name="a"\r\n', []],
    ["a body that breaks off", headersOnly("a").concat("12"), ["a=12"]],
    ["a body that breaks off within a boundary", headersOnly("a").concat("12\r\n--"), ["a=12"]],
    ["no end", field("a", "1").concat("--b\r\n"), ["a=1"]],
  ])("incomplete: %s", (_, form, parts) => {
    expect(scan(form, size)).toEqual({ parts, error: "INCOMPLETE" });
  });

  test.each<[string, string, string[]]>([
    ["no boundary", "hello", []],
    ["another boundary", field("a", "1").replace("--b", "--c").concat("--c--"), []],
    ["LF alone after the first boundary", field("a", "1").replaceAll("\r\n", "\n").concat("--b--\n"), []],
    [
      "LF alone after a later boundary",
      `${field("a", "1")}--b\nContent-Disposition: form-data; name=c\r\n\r\n`,
      ["a=1"],
    ],
    ["CR alone after a boundary", field("a", "1").replace("\r\n", "\r"), []],
    ["a line longer than the boundary", `${field("a", "1")}--bc\r\n`, ["a=1"]],
    ["one hyphen after the boundary", `${field("a", "1")}--b-\r\n`, ["a=1"]],
    ["hyphens after padding", `${field("a", "1")}--b --\r\n`, ["a=1"]],
    ["text after the closing boundary", `${field("a", "1")}--b--c\r\n`, ["a=1"]],
    ["no headers", "--b\r\n\r\n1\r\n--b--", []],
    ["a boundary among the headers", '--b\r\nContent-Disposition: form-data; name="a"\r\n--b\r\n\r\n', []],
  ])("invalid: %s", (_, form, parts) => {
    expect(scan(form, size)).toEqual({ parts, error: "INVALID" });
  });

  test("as many parts as the limit says, and no more", () => {
    const form = `${field("a", "1")}${field("b", "2")}--b--`;
    expect(scan(form, size, { parts: 2 })).toEqual({ parts: ["a=1", "b=2"] });
    expect(scan(form, size, { parts: 1 })).toEqual({ parts: ["a=1"], error: "LIMIT" });
    expect(scan("--b--", size, { parts: 0 })).toEqual({ parts: [] });
  });

  test("as many header bytes as the limit says, in each part anew", () => {
    const lines = 'Content-Disposition: form-data; name="a"';
    const form = `--b\r\n${lines}\r\n\r\n1\r\n--b\r\n${lines}\r\n\r\n2\r\n--b--`;
    expect(scan(form, size, { headerBytes: lines.length })).toEqual({ parts: ["a=1", "a=2"] });
    expect(scan(form, size, { headerBytes: lines.length - 1 })).toEqual({ parts: [], error: "LIMIT" });
    expect(scan(`--b\r\n${lines}\r\n`.padEnd(200, "x"), size, { headerBytes: 100 })).toEqual({
      parts: [],
      error: "LIMIT",
    });
    expect(scan(`--b${" ".repeat(101)}`, size, { headerBytes: 100 })).toEqual({ parts: [], error: "LIMIT" });
    expect(scan(`--b--${" ".repeat(101)}`, size, { headerBytes: 100 })).toEqual({ parts: [], error: "LIMIT" });
    expect(scan(form.replaceAll("--b\r", `--b${" ".repeat(30)}\r`), size, { headerBytes: lines.length })).toEqual({
      parts: ["a=1", "a=2"],
    });
  });

  test("as much around the form as the limits say", () => {
    const form = `${"p".repeat(10)}\r\n--b--\r\n${"e".repeat(9)}`;
    expect(scan(form, size, { preambleBytes: 10, epilogueBytes: 10 })).toEqual({ parts: [] });
    expect(scan(form, size, { preambleBytes: 9 })).toEqual({ parts: [], error: "LIMIT" });
    expect(scan(form, size, { epilogueBytes: 9 })).toEqual({ parts: [], error: "LIMIT" });
  });
});

test("a body's slices are the chunk's own memory", () => {
  const scanner = new MultipartScanner("b", defaultMultipartLimits);
  const chunk = Buffer.from(`${field("a", "content")}--b--`);
  scanner.push(chunk);
  scanner.readHeaders();
  const body = scanner.readBody();
  expect(body?.toString()).toBe("content");
  expect(body?.buffer).toBe(chunk.buffer);
  expect(body?.byteOffset).toBe(chunk.byteOffset + chunk.indexOf("content"));
});

test("asking for headers within a body is the caller's mistake", () => {
  const scanner = new MultipartScanner("b", defaultMultipartLimits);
  scanner.push(Buffer.from(headersOnly("a")));
  scanner.readHeaders();
  expect(() => scanner.readHeaders()).toThrow(/not been read/);
});
