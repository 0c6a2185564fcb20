import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendParameters, canonicalParameters } from "./canonical.ts";
import { matchPayload } from "./match.ts";
import { createUploadToken } from "./mint.ts";
import { assertParameterValues } from "./parameter-values.ts";
import type { UploadParameters } from "./upload-parameters.ts";
import { verifyUploadToken } from "./verify.ts";

describe("typed parameters become the strings that the official clients send", () => {
  test.each<[string, Partial<UploadParameters>, Record<string, string>]>([
    [
      "booleans",
      { useUniqueFileName: false, isPrivateFile: true },
      { useUniqueFileName: "false", isPrivateFile: "true" },
    ],
    ["lists", { tags: ["a", "b c"], responseFields: ["tags"] }, { tags: "a,b c", responseFields: "tags" }],
    ["an empty list", { tags: [] }, { tags: "" }],
    ["JSON arrays", { extensions: [{ name: "x", n: 1 }] }, { extensions: '[{"name":"x","n":1}]' }],
    ["JSON objects", { customMetadata: { b: 1, a: [null] } }, { customMetadata: '{"b":1,"a":[null]}' }],
    ["pre and post", { transformation: { pre: "w-1" } }, { transformation: '{"pre":"w-1"}' }],
    ["numbers and booleans of unknown parameters", { a: 1.5, b: true, c: 0 }, { a: "1.5", b: "true", c: "0" }],
    ["undefined, left out", { fileName: "a", tags: undefined }, { fileName: "a" }],
  ])("%s", (_, parameters, expected) => {
    expect({ ...canonicalParameters(parameters) }).toEqual(expected);
  });

  test("strings stay as they are, JSON, lists, odd white space and all", () => {
    const strings = {
      extensions: '[ {"b":1, "a":2} ]',
      tags: "a, b",
      folder: "/a b/",
      description: "\uFEFF\0 é e\u0301",
    };
    expect({ ...canonicalParameters(strings) }).toEqual(strings);
  });

  test("every line break becomes CRLF, as FormData writes it, and a second pass changes nothing", () => {
    const once = canonicalParameters({ description: "a\nb\rc\r\nd\n\re", checks: ["x"].join("\n") });
    expect(once.description).toBe("a\r\nb\r\nc\r\nd\r\n\r\ne");
    expect(canonicalParameters(once)).toEqual(once);
  });

  test("line breaks inside a JSON parameter stay escaped", () => {
    expect(canonicalParameters({ customMetadata: { note: "a\nb" } }).customMetadata).toBe('{"note":"a\\nb"}');
  });
});

describe("what cannot travel unchanged is refused by name", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  test.each<[string, unknown]>([
    ["null", { description: null }],
    ["NaN", { description: Number.NaN }],
    ["Infinity", { description: Number.POSITIVE_INFINITY }],
    ["a bigint", { description: 1n }],
    ["a function", { description: () => "a" }],
    ["a symbol", { description: Symbol("a") }],
    ["an object for a text", { description: {} }],
    ["an array for a text", { description: ["a"] }],
    ["a number for a flag", { isPublished: 1 }],
    ["an object for a list", { tags: {} }],
    ["a list with something else than strings", { tags: ["a", 1] }],
    ["a tag with a comma, which would arrive as two", { tags: ["a,b"] }],
    ["an object for an array", { extensions: {} }],
    ["an array for an object", { transformation: [] }],
    ["null for an object", { customMetadata: null }],
    ["NaN inside JSON", { customMetadata: { a: [Number.NaN] } }],
    ["a bigint inside JSON", { customMetadata: { a: 1n } }],
    ["a cycle", { customMetadata: cycle }],
    ["JSON that is nothing", { customMetadata: { toJSON: () => undefined } }],
    ["half of a surrogate pair", { description: "a\uD800" }],
    ["half of a surrogate pair in a list", { tags: ["\uDC00"] }],
  ])("%s", (_, parameters) => {
    const [name] = Object.keys(parameters as object);
    expect(() => canonicalParameters(parameters as Partial<UploadParameters>)).toThrow(TypeError);
    expect(() => canonicalParameters(parameters as Partial<UploadParameters>)).toThrow(name);
  });

  test.each(["file", "token", "iat", "exp", "", "a\nb", 'a"b', "a%22", "a\\b", "a\0", "\uD800"])(
    "the name %j",
    (name) => {
      expect(() => canonicalParameters({ [name]: "x" })).toThrow(TypeError);
    },
  );

  test.each([null, undefined, "a", [], 1])("%j instead of an object", (parameters) => {
    expect(() => canonicalParameters(parameters as never)).toThrow(TypeError);
  });
});

test("names of Object's own machinery are parameters like all others", () => {
  const strings = canonicalParameters(JSON.parse('{"__proto__":"a","constructor":"b","hasOwnProperty":"c"}'));
  expect(Object.entries(strings)).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
    ["hasOwnProperty", "c"],
  ]);
  expect(canonicalParameters({ fileName: "a" }).constructor).toBeUndefined();
});

const text = fc.string({ unit: "grapheme", maxLength: 40 }).map((value) => value.toWellFormed());
const roughText = fc.oneof(text, fc.string({ unit: fc.constantFrom("\r", "\n", "a", "\0", "\uFEFF", '"', "-", "😀") }));
const name = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.constantFrom("__proto__", "constructor", "tags[]"),
  )
  .filter((value) => /^[^\p{Cc}\p{Cs}"\\%]+$/u.test(value) && !["file", "token", "iat", "exp"].includes(value));
const list = fc.array(
  text.map((value) => value.replaceAll(",", "")),
  { maxLength: 5 },
);
const documented = fc.record(
  {
    fileName: fc.tuple(fc.constant("a"), roughText).map((parts) => parts.join("")),
    folder: roughText,
    useUniqueFileName: fc.boolean(),
    isPrivateFile: fc.oneof(fc.boolean(), fc.constantFrom("true", "false")),
    tags: fc.oneof(list, roughText),
    responseFields: fc.subarray(["tags", "metadata", "isPublished"]),
    extensions: fc.oneof(fc.array(fc.dictionary(text, fc.jsonValue({ noUnicodeString: false }))), roughText),
    customMetadata: fc.dictionary(text, fc.jsonValue()),
    transformation: fc.dictionary(text, fc.jsonValue(), { minKeys: 1 }),
    checks: roughText,
    description: fc.option(roughText, { nil: undefined }),
  },
  { requiredKeys: ["fileName"] },
);
const others = fc.dictionary(
  name,
  fc.oneof(roughText, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
);
const anyParameters = fc
  .tuple(others, documented)
  .map(([extra, known]) => ({ ...extra, ...known }) as unknown as UploadParameters)
  .filter((parameters) => {
    try {
      assertParameterValues(canonicalParameters(parameters));
      return true;
    } catch {
      return false;
    }
  });

test("whatever is minted from parameters matches a form built from the same parameters", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyParameters, async (parameters) => {
      const keys = { publicKey: "public_test", privateKey: "private_test" };
      const token = await createUploadToken(parameters, { ...keys, expiresIn: 60, now: 1_767_225_600 });
      const form = new FormData();
      form.append("file", new Blob(["x"]), "x.bin");
      appendParameters(form, canonicalParameters(parameters));
      form.append("token", token);
      // The form is written as multipart bytes and read back, as the server receives it.
      const fields = [...(await new Response(form).formData())].map(([key, value]) => [key, String(value)] as const);
      const { claims } = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now: 1_767_225_600 });
      expect(matchPayload(claims, fields)).toBeUndefined();
      expect(claims.size).toBe(fields.length - 2);
    }),
    { numRuns: 200 },
  );
});
