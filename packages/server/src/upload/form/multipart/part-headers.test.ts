import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultipartError } from "./multipart-error.ts";
import { type PartHeaders, parsePartHeaders } from "./part-headers.ts";

function parse(...lines: string[]): PartHeaders {
  return parsePartHeaders(Buffer.from(lines.join("\r\n")));
}

function problemOf(block: Buffer): string {
  try {
    parsePartHeaders(block);
  } catch (error) {
    if (error instanceof MultipartError && error.code === "INVALID") return error.problem;
    throw error;
  }
  throw new Error("The headers were accepted.");
}

describe("the headers of a part", () => {
  test("give name, file name and content type as browsers send them", () => {
    expect(parse('Content-Disposition: form-data; name="tags"')).toEqual({
      name: "tags",
      filename: undefined,
      contentType: undefined,
    });
    expect(parse('Content-Disposition: form-data; name="file"; filename="a.jpg"', "Content-Type: image/jpeg")).toEqual({
      name: "file",
      filename: "a.jpg",
      contentType: "image/jpeg",
    });
  });

  test("may come in any order and case, with headers that mean nothing here", () => {
    expect(
      parse("CONTENT-TYPE:image/png\t ", "content-length: 5", "content-disposition:Form-Data;filename=a.png;NAME=file"),
    ).toEqual({ name: "file", filename: "a.png", contentType: "image/png" });
  });

  test.each([
    ['filename=""', ""],
    ["filename=a.jpg", "a.jpg"],
    ['filename="grüße 📷.jpg"', "grüße 📷.jpg"],
    ["filename=\"a;b='c'.jpg\"", "a;b='c'.jpg"],
    ['filename="a%22b%0D%0Ac%25.jpg"', 'a"b\r\nc%25.jpg'],
    [String.raw`filename="a\"b\\c.jpg"`, String.raw`a"b\c.jpg`],
    [String.raw`filename="C:\fotos\a.jpg"`, String.raw`C:\fotos\a.jpg`],
    [String.raw`filename="a\"`, "a\\"],
    ["filename*=UTF-8''na%C3%AFve.jpg", "naïve.jpg"],
    ["filename=\"naive.jpg\"; filename*=utf-8'en'na%C3%AFve.jpg", "naïve.jpg"],
    ["filename*=UTF-8''", ""],
  ])("%s is a file name", (parameter, filename) => {
    expect(parse(`Content-Disposition: form-data; name="file"; ${parameter}`).filename).toBe(filename);
  });

  test.each([
    ['name=""', ""],
    ["name=file", "file"],
    ['name="größe"', "größe"],
    ['name="a%22b%0D%0A%0d"', 'a"b\r\n%0d'],
    ['name="tags[]"', "tags[]"],
    ['name="\ufeffa\u007f\u0001"', "\ufeffa\u007f\u0001"],
  ])("%s is a name", (parameter, name) => {
    expect(parse(`Content-Disposition: form-data; ${parameter}`).name).toBe(name);
  });

  test.each(["7bit", "8bit", "binary", "BINARY "])("Content-Transfer-Encoding %s changes nothing", (encoding) => {
    expect(parse('Content-Disposition: form-data; name="a"', `Content-Transfer-Encoding: ${encoding}`).name).toBe("a");
  });

  test("are read alike by the short cut for usual headers and by the rules", () => {
    const value = fc.string({
      unit: fc.constantFrom("a", "ü", " ", "\t", "\r\n", "\0", ";", "=", "'", ":", "\\", "%22", '"', "%"),
    });
    fc.assert(
      fc.property(value, fc.option(value), fc.option(value), (name, filename, contentType) => {
        const lines = [
          `Content-Disposition: form-data; name="${name}"${filename === null ? "" : `; filename="${filename}"`}`,
          ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
        ];
        const outcome = (...all: string[]) => {
          try {
            return parse(...all);
          } catch (error) {
            return error;
          }
        };
        expect(outcome(...lines)).toEqual(outcome("X-Longer-Way: 1", ...lines));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("headers that could be read in two ways are refused:", () => {
  const disposition = 'Content-Disposition: form-data; name="a"';

  test.each([
    ["none at all", ""],
    ["no Content-Disposition", "Content-Type: text/plain"],
    ["no name", "Content-Disposition: form-data"],
    ["a file name alone", 'Content-Disposition: form-data; filename="a.jpg"'],
    ["an extended name", "Content-Disposition: form-data; name*=UTF-8''token"],
    ["an extended name beside a plain one", `${disposition}; name*=UTF-8''token`],
    ["another disposition", 'Content-Disposition: attachment; name="a"'],
    ["no disposition type", 'Content-Disposition: ; name="a"'],
    ["a repeated disposition", `${disposition}\r\ncontent-disposition: form-data; name="b"`],
    ["a repeated content type", `${disposition}\r\nContent-Type: a/b\r\nContent-Type: a/b`],
    ["a repeated name", `${disposition}; name="b"`],
    ["a repeated file name", `${disposition}; filename="a"; FILENAME="b"`],
    ["an unclosed quote", 'Content-Disposition: form-data; name="a'],
    ["text behind a quote", `${disposition}b`],
    ["a folded line", 'Content-Disposition: form-data;\r\n name="a"'],
    ["a line without a colon", `${disposition}\r\nContent-Type`],
    ["a blank before the colon", 'Content-Disposition : form-data; name="a"'],
    ["an empty field name", `${disposition}\r\n: b`],
    ["a boundary that passes for a header", `${disposition}\r\n--a:b`],
    ["a bare LF", `${disposition}\nContent-Type: text/plain`],
    ["a bare LF inside quotes", 'Content-Disposition: form-data; name="a\nb"'],
    ["a bare CR", `${disposition}\rContent-Type: text/plain`],
    ["a bare CR in another header", `${disposition}\r\nX-Other: a\rb`],
    ["a bare LF in another header", `${disposition}\r\nX-Other: a\nb`],
    ["a NUL", 'Content-Disposition: form-data; name="a\0b"'],
    ["a NUL in another header", `${disposition}\r\nX-Other: \0`],
    ["a file name in another charset", `${disposition}; filename*=iso-8859-1''%E4`],
    ["an extended file name that isn't UTF-8", `${disposition}; filename*=UTF-8''%E4`],
    ["an extended file name without a charset", `${disposition}; filename*=a.jpg`],
  ])("%s", (_, block) => {
    expect(problemOf(Buffer.from(block))).toMatch(/^[A-Z].*\.$/);
  });

  test("invalid UTF-8", () => {
    expect(problemOf(Buffer.from('Content-Disposition: form-data; name="größe"', "latin1"))).toContain("UTF-8");
    expect(problemOf(Buffer.from([...Buffer.from(`${disposition}\r\nX-Other: `), 0xc0, 0x80]))).toContain("UTF-8");
  });

  test.each(["base64", "quoted-printable", "x-token", ""])(
    "Content-Transfer-Encoding %j, which it names",
    (encoding) => {
      const block = `${disposition}\r\nContent-Transfer-Encoding: ${encoding}`;
      expect(problemOf(Buffer.from(block))).toContain(`"${encoding}"`);
    },
  );
});

test("any bytes give headers or a MultipartError", () => {
  const piece = fc.constantFrom(
    ...[
      "Content-Disposition",
      "Content-Type",
      ": ",
      "form-data",
      "; name=",
      ";filename*=",
      '"',
      "\r\n",
      "\n",
      " ",
      "a",
      "\\",
      "%22",
      "\0",
    ],
  );
  const block = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.join(""))),
  );
  fc.assert(
    fc.property(block, (bytes) => {
      try {
        expect(parsePartHeaders(bytes).name).toBeTypeOf("string");
      } catch (error) {
        expect(error).toBeInstanceOf(MultipartError);
      }
    }),
    { numRuns: 1_000 },
  );
});
