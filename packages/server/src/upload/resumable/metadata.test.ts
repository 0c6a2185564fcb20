import { describe, expect, test } from "vitest";
import { type MetadataLimits, parseUploadMetadata } from "./metadata.ts";

const limits = { parts: 4, fieldBytes: 30, allFieldsBytes: 60 };

const base64 = (value: string): string => Buffer.from(value).toString("base64");

function refusal(text: string, given: MetadataLimits = limits) {
  try {
    return { fields: parseUploadMetadata(text, given) };
  } catch (error) {
    return error;
  }
}

describe("the Upload-Metadata header", () => {
  test.each([
    [undefined, []],
    ["", []],
    [" ", []],
    [`fileName ${base64("a b,c.jpg")}`, [["fileName", "a b,c.jpg"]]],
    [
      `b ${base64("1")},a ${base64("2")}`,
      [
        ["b", "1"],
        ["a", "2"],
      ],
    ],
    [
      `a ${base64("1")} , \tb`,
      [
        ["a", "1"],
        ["b", ""],
      ],
    ],
    [
      "a,b ,c",
      [
        ["a", ""],
        ["b", ""],
        ["c", ""],
      ],
    ],
    [`name ${base64("grüße 📷\r\n\0")}`, [["name", "grüße 📷\r\n\0"]]],
    [`bom ${base64("\ufefftext")}`, [["bom", "\ufefftext"]]],
    [
      `__proto__ ${base64("x")},tags[] ${base64("y")}`,
      [
        ["__proto__", "x"],
        ["tags[]", "y"],
      ],
    ],
  ])("%j gives its pairs in order", (text, pairs) => {
    expect(parseUploadMetadata(text, limits)).toEqual(pairs);
  });

  test.each([
    ["not in the alphabet", "folder !!!!", "folder"],
    ["of the URL's alphabet", `folder ${Buffer.from("??>>").toString("base64url")}==`, "folder"],
    ["without its padding", "folder YQ", "folder"],
    ["with bits that decode to nothing", "folder YR==", "folder"],
    ["with a blank in it", "folder YWFh YWFh", "folder"],
    ["with two blanks before it", "folder  YWFh", "folder"],
    ["with text behind its padding", "folder YQ==YQ==", "folder"],
    ["of bytes that are not UTF-8", `folder ${Buffer.from([0xc3, 0x28]).toString("base64")}`, "folder"],
    ["of half a pair of UTF-16", `folder ${Buffer.from([0xed, 0xa0, 0x80]).toString("base64")}`, "folder"],
    ["behind a name outside ASCII", `gr\u00fc\u00dfe ${base64("a")}`, "Upload-Metadata"],
    ["behind a name with a tab", `a\tb ${base64("a")}`, "Upload-Metadata"],
    ["without a name between commas", "a,,b", "Upload-Metadata"],
    ["without a name at the end", "a,", "Upload-Metadata"],
  ])("a value %s is refused by its name", (_what, text, parameter) => {
    expect(refusal(text)).toMatchObject({
      reason: "PARAMETER_INVALID",
      message: `Your request contains invalid ${parameter} parameter.`,
    });
  });

  test("a name that comes twice is refused, also with the same value and without any", () => {
    for (const text of [`a ${base64("1")},a ${base64("2")}`, "a,a", `a,b,a ${base64("1")}`]) {
      expect(refusal(text)).toMatchObject({ status: 400, reason: "PARAMETER_REPEATED" });
    }
    expect(refusal("a,A")).toEqual({
      fields: [
        ["a", ""],
        ["A", ""],
      ],
    });
  });

  test("a form's limits hold: pairs, bytes of a value, and bytes of all names and values", () => {
    expect(refusal("a,b,c,d")).toMatchObject({ fields: { length: 4 } });
    expect(refusal("a,b,c,d,e")).toMatchObject({
      reason: "FORM_TOO_LARGE",
      message: expect.stringContaining("4 pairs"),
    });
    expect(refusal(`a ${base64("x".repeat(30))}`)).toMatchObject({ fields: { length: 1 } });
    expect(refusal(`a ${base64("x".repeat(31))}`)).toMatchObject({
      reason: "PARAMETER_TOO_LARGE",
      message: expect.stringContaining("30 bytes"),
    });
    const two = (second: number) => `a ${base64("x".repeat(30))},b ${base64("ü".repeat(second / 2))}`;
    expect(refusal(two(28))).toMatchObject({ fields: { length: 2 } });
    expect(refusal(two(30))).toMatchObject({ reason: "FORM_TOO_LARGE", message: expect.stringContaining("60 bytes") });
  });

  test("a long name is cut in what the refusal says", () => {
    expect(refusal(`${"n".repeat(5_000)} !`)).toMatchObject({ message: expect.stringMatching(/^.{1,200}$/) });
  });

  test("64 KiB of commas cost no more than the limit's pairs", () => {
    expect(refusal(",".repeat(65_536))).toMatchObject({ reason: "FORM_TOO_LARGE" });
    expect(refusal(`a${" ".repeat(65_536)}b,${"\t ".repeat(32_768)}`)).toMatchObject({ reason: "PARAMETER_INVALID" });
  });
});
