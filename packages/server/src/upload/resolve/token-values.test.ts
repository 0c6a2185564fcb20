import { createUploadToken } from "@sluice/token";
import { expect, test } from "vitest";
import { validate } from "./validate.ts";

const keys = { publicKey: "public_test", privateKey: "private_test", expiresIn: 60 };
const long = "a".repeat(255);

/** Values at both sides of each rule that does not depend on a server's settings. */
const values: readonly (readonly [parameter: string, value: string])[] = [
  ...["a.jpg", ".", "..", "a/b c", long, `${long}b`, "ä".repeat(128), "..."].map(
    (value) => ["fileName", value] as const,
  ),
  ...[
    "/",
    "a",
    "/a/../b",
    "a/./b",
    "a/b/".repeat(25),
    "a/".repeat(51),
    "ik-seo/a",
    "a/ik-seo",
    `${long}b`,
    `${long}/`.repeat(5),
    "x\0",
  ].map((value) => ["folder", value] as const),
  ...["true", "false", "yes", "True", "1", "", "null", "undefined"].map((value) => ["isPrivateFile", value] as const),
  ...["a,b", "50%", "a".repeat(500), "a".repeat(501), "[", '["a"]', '["a",1]', '{"a":1}', "a\0b", "💧".repeat(500)].map(
    (value) => ["tags", value] as const,
  ),
  ...["tags", "tags, metadata", "tags,size", '["tags"]'].map((value) => ["responseFields", value] as const),
  ...["1,2,3,4", " 1 , 2,3,4", "1,2,0,4", "1,2,3", "1.5,2,3,4", "1,2,3,004"].map(
    (value) => ["customCoordinates", value] as const,
  ),
  ...["text", "a".repeat(10_000), "a".repeat(10_001), "a\0b"].map((value) => ["description", value] as const),
  ...[
    "https://example.com/hook",
    "http://example.com",
    "ftp://example.com",
    "example.com",
    `https://example.com/${"a".repeat(2048)}`,
  ].map((value) => ["webhookUrl", value] as const),
  ...['{"a":1}', "[]", "{", "a"].map((value) => ["customMetadata", value] as const),
  ...["[]", '[{"name":"x"}]', "{}", "["].map((value) => ["extensions", value] as const),
  ...['{"pre":"w-10"}', "{}", "[]", "x"].map((value) => ["transformation", value] as const),
];

test.each(values)("a token for %s %j is minted if and only if the server would take the value", async (name, value) => {
  const parameters = { fileName: "a.jpg", [name]: value };
  const minted = await createUploadToken(parameters, keys).then(
    () => "taken",
    (error: unknown) => {
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(`The parameter ${name} `);
      return "refused";
    },
  );
  const judge = (): string => {
    try {
      validate(new Map(Object.entries(parameters)));
      return "taken";
    } catch {
      return "refused";
    }
  };
  expect(minted).toBe(judge());
});
