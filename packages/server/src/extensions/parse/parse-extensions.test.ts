import { describe, expect, test } from "vitest";
import { ParameterProblem } from "../../text/parameter.ts";
import { parseExtensions, parseExtensionsText, parseWebhookUrl } from "./parse-extensions.ts";

const tagging = (members: object) => ({ name: "google-auto-tagging", minConfidence: 80, maxTags: 5, ...members });
const task = (members: object) => ({ name: "ai-tasks", tasks: [{ instruction: "Look.", ...members }] });
const background = (options: object) => ({ name: "remove-bg", options });

function problemOf(entry: unknown): string {
  try {
    parseExtensions([entry]);
  } catch (error) {
    if (error instanceof ParameterProblem) return error.problem;
    throw error;
  }
  return "none";
}

describe("what the protocol knows", () => {
  test("is taken with its options, in the order given", () => {
    const entries = [
      tagging({}),
      { name: "remove-bg" },
      background({ add_shadow: true, bg_color: "fff" }),
      { name: "ai-auto-description" },
      { name: "saved-extension", id: "ext_1" },
    ];
    expect(parseExtensionsText(JSON.stringify(entries))).toEqual([
      { name: "google-auto-tagging", options: { minConfidence: 80, maxTags: 5 } },
      { name: "remove-bg", options: {} },
      { name: "remove-bg", options: { add_shadow: true, bg_color: "fff" } },
      { name: "ai-auto-description", options: {} },
      { name: "saved-extension", options: { id: "ext_1" } },
    ]);
    expect(parseExtensionsText("[]")).toEqual([]);
  });

  test("the vendor's samples spell a background's colour in another way", () => {
    expect(parseExtensions([background({ bg_colour: "teal" })])[0]?.options).toEqual({ bg_color: "teal" });
  });

  test("tasks keep what they are to do", () => {
    const tasks = [
      { type: "select_tags", instruction: "Which?", vocabulary: ["red", "blue"], min_selections: 1, max_selections: 2 },
      { type: "select_metadata", instruction: "Which?", field: "price", vocabulary: [1, 2] },
      {
        type: "yes_no",
        instruction: "Is it?",
        on_yes: { add_tags: ["yes"], set_metadata: [{ field: "a", value: 1 }] },
      },
    ];
    expect(parseExtensions([{ name: "ai-tasks", tasks }])[0]?.options).toEqual({ tasks });
  });
});

test.each([
  ["{}", "array"],
  ["nothing", "JSON"],
  [JSON.stringify(Array(11).fill({ name: "remove-bg" })), "0 to 10"],
])("the text %s is refused", (json, hint) => {
  expect(() => parseExtensionsText(json)).toThrow(hint);
});

test.each([
  ["no object", 1, "[0] must be an object"],
  ["no name", {}, "[0].name"],
  ["tagging without minConfidence", tagging({ minConfidence: undefined }), "minConfidence"],
  ["a confidence above 100", tagging({ minConfidence: 101 }), "from 0 to 100"],
  ["a fraction", tagging({ minConfidence: 0.5 }), "whole number"],
  ["more than 30 tags", tagging({ maxTags: 31 }), "from 0 to 30"],
  ["numbers as text", tagging({ maxTags: "5" }), "maxTags"],
  ["a member that nobody knows", tagging({ minconfidence: 1 }), "minconfidence"],
  ["a colour and an image", background({ bg_color: "fff", bg_image_url: "https://example.com/" }), "not both"],
  ["a colour with #", background({ bg_color: "#fff" }), "bg_color"],
  ["an image that is no URL", background({ bg_image_url: "file:///etc/passwd" }), "bg_image_url"],
  ["a shadow that is text", background({ add_shadow: "true" }), "add_shadow"],
  ["options beside a name alone", { name: "ai-auto-description", prompt: "x" }, "prompt"],
  ["a saved extension without an id", { name: "saved-extension" }, "id"],
  ["no tasks", { name: "ai-tasks", tasks: [] }, "1 to 10"],
  ["eleven tasks", { name: "ai-tasks", tasks: Array(11).fill({}) }, "1 to 10"],
  ["a task of no type", task({ type: "sing" }), "type must be one of"],
  ["a task without an instruction", task({ type: "yes_no", instruction: "" }), "instruction"],
  ["an endless instruction", task({ type: "yes_no", instruction: "x".repeat(2001) }), "2000"],
  ["a word with %", task({ type: "select_tags", vocabulary: ["100%"] }), "%"],
  ["a value with %", task({ type: "select_metadata", field: "a", vocabulary: ["100%"] }), "%"],
  ["31 words", task({ type: "select_tags", vocabulary: Array(31).fill("a") }), "1 to 30"],
  ["words too long together", task({ type: "select_tags", vocabulary: ["x".repeat(501)] }), "500"],
  ["least above most", task({ type: "select_tags", min_selections: 3, max_selections: 2 }), "min_selections"],
  ["most of none", task({ type: "select_tags", max_selections: 0 }), "max_selections"],
  ["metadata of no field", task({ type: "select_metadata" }), "field"],
  ["an action that nobody knows", task({ type: "yes_no", on_yes: { dance: [] } }), "dance"],
  [
    "a value that is an object",
    task({ type: "yes_no", on_no: { set_metadata: [{ field: "a", value: {} }] } }),
    "value",
  ],
])("%s is refused", (_what, entry, hint) => {
  expect(problemOf(entry)).toContain(hint);
});

test("what an operator's own extension is given may not be nested without end", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level++) deep = [deep];
  expect(problemOf({ name: "mine", deep })).toContain("nested");
  expect(parseExtensions([{ name: "mine", any: { thing: [1] } }])).toEqual([
    { name: "mine", options: { any: { thing: [1] } } },
  ]);
});

test("webhookUrl is an http or https URL, and no name is looked up for it", () => {
  expect(parseWebhookUrl("https://no-such-host.invalid/hook?a=b")).toBe("https://no-such-host.invalid/hook?a=b");
  for (const url of ["example.com", "ftp://example.com/", "http://user:pass@example.com/", "x".repeat(2049)]) {
    expect(() => parseWebhookUrl(url), url.slice(0, 30)).toThrow(ParameterProblem);
  }
});
