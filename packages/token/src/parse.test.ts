import { base64url } from "jose";
import { describe, expect, test } from "vitest";
import { decodeJsonObject, MAX_TOKEN_LENGTH, splitToken } from "./parse.ts";
import { UploadTokenError } from "./upload-token-error.ts";

describe("only three unpadded base64url parts are a token", () => {
  test.each<[string, string, string]>([
    ["nothing", "", "1 part"],
    ["a V1 token", "0f8fad5b-d9cb-469f-a165-70867728950e", "1 part"],
    ["two parts", "aa.bb", "2 parts"],
    ["an encrypted token's five parts", "aa.bb.cc.dd.ee", "5 parts"],
    ["an empty signature", "aa.bb.", "signature is empty"],
    ["an empty header", ".bb.cc", "header is empty"],
    ["padding", "aa.bb.cc==", "signature is not"],
    ["a line feed at the end", "aa.bb.cc\n", "signature is not"],
    ["a space at the start", " aa.bb.cc", "header is not"],
    ["the other alphabet", "aa.b+/b.cc", "payload is not"],
    ["a length that no bytes encode to", "aa.bbbbb.cc", "payload is not"],
    ["full-width letters", "aa.bb.ｃｃ", "signature is not"],
    ["a huge token", `aa.${"b".repeat(MAX_TOKEN_LENGTH)}.cc`, "longer than 65536"],
  ])("%s", (_, token, problem) => {
    expect(() => splitToken(token)).toThrow(UploadTokenError);
    expect(() => splitToken(token)).toThrow(problem);
  });

  test("the parts come apart", () => {
    expect(splitToken("a-.b_.cc")).toEqual({ header: "a-", payload: "b_", signature: "cc" });
  });
});

describe("header and payload are strict JSON objects", () => {
  const decode = (value: string | Uint8Array) => decodeJsonObject("payload", base64url.encode(value));

  test.each<[string, string | Uint8Array, string]>([
    ["broken JSON", "{", "not JSON"],
    ["JSON with a comment", '{"a":1}//', "not JSON"],
    ["a byte order mark", '\uFEFF{"a":1}', "not JSON"],
    ["an array", "[]", "not a JSON object"],
    ["null", "null", "not a JSON object"],
    ["a string, such as a nested token", '"aa.bb.cc"', "not a JSON object"],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "not UTF-8"],
    ["an overlong encoding", new Uint8Array([0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d]), "not UTF-8"],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), "not UTF-8"],
    ["a member twice", '{"a":1,"a":2}', "member twice"],
    ["a member twice, spelt differently", '{"alg":1,"\\u0061lg":2}', "member twice"],
  ])("%s is refused", (_, value, problem) => {
    expect(() => decode(value)).toThrow(problem);
  });

  test("commas, braces and quotes inside strings and nested values are not counted as members", () => {
    expect(decode(' { "a,\\"{" : [1,{"b":2,"c":[",,"]}] , "d" : "}\\\\" } ')).toEqual({
      'a,"{': [1, { b: 2, c: [",,"] }],
      d: "}\\",
    });
    expect(decode(" { } ")).toEqual({});
  });

  test("__proto__ is a member and changes no prototype", () => {
    const value = decode('{"__proto__":{"alg":"HS256"}}');
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(value.alg).toBeUndefined();
  });

  test("nesting as deep as the size allows ends in an answer, not in a crash", () => {
    expect(decode(`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)).toHaveProperty("a");
  });
});
