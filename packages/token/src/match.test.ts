import { describe, expect, test } from "vitest";
import { compareField, describeDifferences, matchPayload } from "./match.ts";

const claims = new Map<string, unknown>([
  ["fileName", "a.jpg"],
  ["folder", "/a b/"],
]);
const equal = [
  ["folder", "/a b/"],
  ["fileName", "a.jpg"],
] as const;

describe("a form matches when it names the claims' fields with the claims' strings", () => {
  test("in any order, file and token apart", () => {
    expect(matchPayload(claims, [["file", "aGk="], ...equal, ["token", "x"]])).toBeUndefined();
    expect(matchPayload(new Map(), [])).toBeUndefined();
  });

  test.each<[string, ReadonlyArray<readonly [string, string]>, object]>([
    ["a signed field that is not sent", [["fileName", "a.jpg"]], { missing: ["folder"] }],
    ["a field that is not signed", [...equal, ["isPrivateFile", "true"]], { extra: ["isPrivateFile"] }],
    [
      "a trailing slash",
      [
        ["fileName", "a.jpg"],
        ["folder", "/a b"],
      ],
      { different: ["folder"] },
    ],
    [
      "upper case in the name",
      [
        ["filename", "a.jpg"],
        ["folder", "/a b/"],
      ],
      { missing: ["fileName"], extra: ["filename"] },
    ],
    ["a field given twice, even with the same value", [...equal, ["folder", "/a b/"]], { extra: ["folder"] }],
    ["fields called iat and exp", [...equal, ["iat", "1"], ["exp", "2"]], { extra: ["iat", "exp"] }],
    ["__proto__", [...equal, ["__proto__", "x"]], { extra: ["__proto__"] }],
    ["constructor", [...equal, ["constructor", "x"]], { extra: ["constructor"] }],
  ])("%s differs", (_, fields, expected) => {
    expect(matchPayload(claims, fields)).toEqual({ missing: [], extra: [], different: [], ...expected });
  });

  test.each([true, 1, null, ["a"], { a: 1 }])("a claim of %j equals no string", (value) => {
    const typed = new Map<string, unknown>([["x", value]]);
    expect(matchPayload(typed, [["x", String(value)]])).toEqual({ missing: [], extra: [], different: ["x"] });
    expect(matchPayload(typed, [["x", JSON.stringify(value)]])?.different).toEqual(["x"]);
  });

  test("Unicode is compared code unit by code unit", () => {
    expect(matchPayload(new Map([["x", "é"]]), [["x", "e\u0301"]])?.different).toEqual(["x"]);
  });

  test("registered claims without a field count as missing: the guide knows none but iat and exp", () => {
    const registered = new Map<string, unknown>(["nbf", "jti", "iss", "aud", "sub"].map((name) => [name, "x"]));
    expect(matchPayload(registered, [])?.missing).toEqual(["nbf", "jti", "iss", "aud", "sub"]);
  });
});

test("a single field is judged as it arrives", () => {
  expect(compareField(claims, "folder", "/a b/")).toBe("match");
  expect(compareField(claims, "folder", "/a_b/")).toBe("different");
  expect(compareField(claims, "tags", "")).toBe("extra");
});

test("differences are described by side and name, with the type of a claim that is no string", () => {
  const claimed = new Map<string, unknown>([
    ["tags", "a"],
    ["folder", "/a"],
    ["isPublished", true],
    ["customMetadata", { a: 1 }],
    ["fileName", "a.jpg"],
  ]);
  const fields: [name: string, value: string][] = [
    ["folder", "/b"],
    ["isPublished", "true"],
    ["customMetadata", '{"a":1}'],
    ["fileName", "a.jpg"],
    ["fileName", "a.jpg"],
    ["checks", ""],
  ];
  const differences = matchPayload(claimed, fields);
  expect(differences && describeDifferences(differences, claimed)).toBe(
    "in the token, but not in the form: tags; in the form, but not in the token: checks; " +
      "in the form more than once: fileName; with another value in the form than in the token: folder; " +
      "not a string in the token, as every form field is: isPublished (boolean), customMetadata (object)",
  );
});

test("long lists and names of differences are cut", () => {
  const names = Array.from({ length: 5000 }, () => "x".repeat(500));
  const many = describeDifferences({ missing: [], extra: names, different: [] }, new Map());
  expect(many.length).toBeLessThan(1500);
  expect(many).toMatch(/and 4980 more$/);
});
