import { describe, expect, test } from "vitest";
import { ExtensionFailure } from "../provider.ts";
import { readAnswer, readProblem } from "./read-answer.ts";

const answerTo = (extension: { name: string; options?: Readonly<Record<string, unknown>> }, answer: unknown) =>
  readAnswer(JSON.stringify(answer), { extension: { options: {}, ...extension } });

test("an endpoint may leave it to the server to choose among its tags", () => {
  const AITags = [
    { name: "Low", confidence: 10 },
    { name: "Cat", confidence: 80 },
    { name: "Dog", confidence: 95.5 },
    { name: "Car", confidence: 70 },
  ];
  const options = { minConfidence: 50, maxTags: 2 };
  expect(answerTo({ name: "google-auto-tagging", options }, { AITags })).toEqual({
    aiTags: [
      { name: "Dog", confidence: 95.5 },
      { name: "Cat", confidence: 80 },
    ],
  });
});

test("the options of an operator's own extension are its endpoint's business, whatever they are called", () => {
  const AITags = [{ name: "Cat", confidence: 20 }];
  const options = { minConfidence: "high", maxTags: -1 };
  expect(answerTo({ name: "moderation", options }, { AITags })).toEqual({ aiTags: AITags });
});

test("everything else that an asset says of itself can be set, and nothing need be", () => {
  const answer = {
    addTags: [" a ", "a"],
    removeTags: ["b"],
    description: "A cat.",
    customMetadata: { price: 1, x: null },
  };
  expect(answerTo({ name: "moderation" }, answer)).toEqual({ ...answer, addTags: ["a"] });
  expect(answerTo({ name: "moderation" }, {})).toEqual({});
});

test.each([
  ["no JSON", undefined],
  ["no object", []],
  ["what nobody knows", { tags: ["a"] }],
  ["a confidence above 100", { AITags: [{ name: "a", confidence: 101 }] }],
  ["a tag without a name", { AITags: [{ confidence: 1 }] }],
  ["a tag with %", { addTags: ["100%"] }],
  ["an endless description", { description: "x".repeat(10_001) }],
])("%s is a failure for good", (_what, answer) => {
  expect(() => answerTo({ name: "moderation" }, answer)).toThrow(ExtensionFailure);
});

describe("tasks", () => {
  const tasks = [
    { type: "select_tags", instruction: "?", vocabulary: ["red", "blue"], min_selections: 1, max_selections: 1 },
    { type: "select_metadata", instruction: "?", field: "colour" },
    {
      type: "yes_no",
      instruction: "?",
      on_yes: { add_tags: ["cat"], set_metadata: [{ field: "animal", value: true }] },
      on_no: { remove_tags: ["red"], unset_metadata: [{ field: "colour" }] },
    },
  ];
  const results = (first: unknown[], second: unknown[], answer: string) =>
    answerTo(
      { name: "ai-tasks", options: { tasks } },
      { tasks: [{ selections: first }, { selections: second }, { answer }] },
    );

  test("do what their answers call for, a later one overriding an earlier one", () => {
    expect(results(["red"], ["dark"], "yes")).toEqual({
      addTags: ["red", "cat"],
      customMetadata: { animal: true },
      selections: { colour: ["dark"] },
    });
    expect(results(["red"], ["dark"], "no")).toEqual({ removeTags: ["red"], customMetadata: { colour: null } });
    expect(results(["blue"], [], "unknown")).toEqual({ addTags: ["blue"] });
  });

  test.each([
    ["a word that was not offered", ["green"], [], "yes"],
    ["too few", [], [], "yes"],
    ["too many", ["red", "blue"], [], "yes"],
    ["an answer that is none", ["red"], [], "maybe"],
  ])("%s is a failure", (_what, first, second, answer) => {
    expect(() => results(first, second, answer)).toThrow(ExtensionFailure);
  });
});

test("an endpoint's own words on what is wrong are kept, within bounds", () => {
  expect(readProblem('{"message":" No subject found. "}')).toBe("No subject found.");
  expect(readProblem(JSON.stringify({ message: "x".repeat(1000) }))).toHaveLength(500);
  for (const body of ["", "<html>", "[]", '{"message":1}']) expect(readProblem(body)).toBeUndefined();
});
