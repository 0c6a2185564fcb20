import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { inHereDocument, inJavaScript, inShell, printJson } from "./sample-text.ts";

const hostile = `it's "quoted" $HOME \`id\` \\ \${x} \\" @x;y&z\nnext`;
const texts = ["plain", "", "a b", "?a=1&b=2", "{a,b}*", hostile];
const id = "id 'of' $(me)";

/** Runs a command in a shell in which FILE_ID is set. */
const shell = (command: string) =>
  execFileSync("/bin/sh", ["-c", command], { env: { FILE_ID: id, HOME: "/wrong" }, encoding: "utf8" });

describe.each([
  ["a text", (text: string) => [text, text]],
  ["a text with a variable", (text: string) => [`${text}‹FILE_ID›${text}`, text + id + text]],
  ["a variable before a word", (text: string) => [`‹FILE_ID›_${text}`, `${id}_${text}`]],
] as const)("%s is what a language makes of its spelling", (_, make) => {
  test.each(texts)("%j", (text) => {
    const [written = "", meant = ""] = make(text);
    expect(shell(`printf %s ${inShell(written)}`)).toBe(meant);
    expect(shell(`cat <<END\n${inHereDocument(written)}\nEND`)).toBe(`${meant}\n`);
    const evaluate = new Function("process", `return ${inJavaScript(written)};`);
    expect(evaluate({ env: { FILE_ID: id } })).toBe(meant);
  });
});

test("JSON stands in a line where it fits, and a member in a line where it doesn't", () => {
  const spelling = { text: (text: string) => JSON.stringify(text), name: (name: string) => JSON.stringify(name) };
  const short = { ids: ["a", "b"], none: {}, flag: true, nothing: null };
  expect(printJson(short, spelling)).toBe('{ "ids": ["a", "b"], "none": {}, "flag": true, "nothing": null }');
  const long = { name: "x".repeat(80), ...short };
  expect(printJson(long, spelling).split("\n")).toEqual([
    "{",
    `  "name": "${long.name}",`,
    '  "ids": ["a", "b"],',
    '  "none": {},',
    '  "flag": true,',
    '  "nothing": null',
    "}",
  ]);
  for (const value of [short, long, [long], "text", 1]) expect(JSON.parse(printJson(value, spelling))).toEqual(value);
});
