import { expect, test } from "vitest";
import { fragmentsIn } from "./fragments.ts";

test.each([
  "Where the log goes.",
  "How many tasks run at once.",
  "What a layer shows. A canvas is a block of one colour.",
  "Why no turn is given: too many wait already.",
  "Null for none.",
  "Undefined for a key without a value.",
  "Set where the flag may be given several times.",
  "In bytes.",
  "Unix milliseconds.",
  "For whom.",
  "Percent.",
  "JSON.",
])("%j is a fragment", (text) => {
  expect(fragmentsIn(`const a = 1;\n/** ${text} @returns a text */\nconst b = 2;`)).toHaveLength(1);
  expect(fragmentsIn(`  /**\n   * ${text}\n   * @returns a text\n   */`)).toHaveLength(1);
});

test.each([
  "The destination of the log.",
  "Whether the place is free.",
  "Undefined means no limit.",
  "Without a URL, the account has no configured endpoint.",
  "From now on the app, which must be ready, answers all requests.",
  "Why wait?",
  "@returns what is left",
  "@throws SluiceError SERVER_BUSY",
])("%j is none", (text) => {
  expect(fragmentsIn(`/** ${text} */\nconst b = 2;`)).toEqual([]);
});

test("a fragment is found in the line and in the words in which it stands", () => {
  expect(fragmentsIn("\n\n  /**\n   * Where the blobs\n   * are. They stay there.\n   */")).toEqual([
    { line: 3, sentence: "Where the blobs are." },
  ]);
});
