import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareField, describeDifferences, matchPayload } from "./match.ts";
import { joinList } from "./repeated-lists.ts";

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

describe("a list may come as fields of one name, one for each entry", () => {
  const claimed = new Map<string, unknown>([
    ["tags", "a,b"],
    ["extensions", '[{"name":"x"},{"name":"y"}]'],
  ]);
  const form = (tags: readonly string[], extensions: readonly string[]) => [
    ...tags.map((tag) => ["tags", tag] as const),
    ...extensions.map((extension) => ["extensions", extension] as const),
  ];
  const [x, y] = ['{"name":"x"}', '{"name":"y"}'];

  test.each([
    [
      ["a", "b"],
      [x, y],
    ],
    [["a,b"], [`[${x},${y}]`]],
  ])("%j and %j are what was signed", (tags, extensions) => {
    expect(matchPayload(claimed, form(tags, extensions))).toBeUndefined();
  });

  test.each([
    [
      ["b", "a"],
      [y, x],
    ],
    [["a"], [x]],
    [
      ["a", "b", "c"],
      [x, y, y],
    ],
    [
      ["a", " b"],
      [x, ` ${y}`],
    ],
    [
      ["a", "b", ""],
      [x, `[${y}]`],
    ],
    [
      ['["a"]', "b"],
      [`[${x}]`, `[${y}]`],
    ],
  ])("%j and %j are not", (tags, extensions) => {
    const differences = { missing: [], extra: [], different: ["tags", "extensions"] };
    expect(matchPayload(claimed, form(tags, extensions))).toEqual(differences);
  });

  test("a list of one object may come without its brackets, as it was signed and not otherwise", () => {
    expect(matchPayload(new Map([["extensions", `[${x}]`]]), [["extensions", x]])).toBeUndefined();
    expect(matchPayload(new Map([["extensions", x]]), [["extensions", x]])).toBeUndefined();
    expect(matchPayload(new Map([["extensions", x]]), [["extensions", `[${x}]`]])?.different).toEqual(["extensions"]);
    expect(matchPayload(new Map([["customMetadata", `[${x}]`]]), [["customMetadata", x]])).toBeDefined();
  });

  test("while the form may go on, the beginning of a list is no difference, and nothing is missing", () => {
    const judge = (fields: readonly (readonly [string, string])[]) => matchPayload(claimed, fields, { mayGoOn: true });
    expect(judge([])).toBeUndefined();
    expect(judge(form(["a"], [x]))).toBeUndefined();
    expect(judge(form(["a", "b"], [x, y]))).toBeUndefined();
    for (const tags of [["b"], ["a", "c"], ["a,"], ["a", "b", "c"]]) expect(judge(form(tags, []))).toBeDefined();
    for (const extensions of [[y], [x, x], [x, y, y]]) expect(judge(form([], extensions))).toBeDefined();
    expect(judge([["folder", "/"]])?.extra).toEqual(["folder"]);
  });

  test("whatever a form repeats, a list that matches stands for the very text of its claim", () => {
    const text = fc.string({ unit: fc.constantFrom("a", ",", "[", "]", "{", "}", '"', " ", ":") });
    const name = fc.constantFrom("tags", "responseFields", "extensions");
    fc.assert(
      fc.property(name, fc.array(text, { minLength: 1, maxLength: 4 }), text, (list, values, other) => {
        const fields = values.map((value) => [list, value] as const);
        for (const claim of [other, values.join(","), `[${values.join(",")}]`, joinList(list, values) ?? other]) {
          const matches = matchPayload(new Map([[list, claim]]), fields) === undefined;
          const isRaw = values.length === 1 && values[0] === claim;
          expect(matches).toBe(isRaw || joinList(list, values) === claim);
          // A beginning is never refused while its list may still be completed.
          const begun = fields.slice(0, -1);
          if (matches && begun.length > 0) {
            expect(matchPayload(new Map([[list, claim]]), begun, { mayGoOn: true })).toBeUndefined();
          }
        }
      }),
    );
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
