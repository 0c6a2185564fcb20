import { describe, expect, test } from "vitest";
import { parseTransformation } from "./parse.ts";
import { TransformationError } from "./transformation-error.ts";

function refusal(...texts: string[]): string | undefined {
  try {
    parseTransformation(texts.map((text) => ({ text, form: "query" })));
    return undefined;
  } catch (error) {
    if (error instanceof TransformationError) return error.message;
    throw error;
  }
}

const tooLong = "Transformation has more than 16384 characters";
const tooManySteps = "Transformation has more than 256 steps";
const tooManyParameters = "Transformation has more than 1024 parameters";
const steps = (count: number): string => Array(count).fill("q-1").join(":");
const parameters = (count: number): string => Array(count).fill("q-1").join(",");
const layer = (content: string): string => `l-image,i-a,${content},l-end`;

describe("a transformation at its bounds is read, and one beyond them refused with the bound", () => {
  test.each([
    ["characters", [`l-text,i-${"a".repeat(16_369)},l-end`], [`l-text,i-${"a".repeat(16_370)},l-end`], tooLong],
    ["steps", [steps(256)], [steps(257)], tooManySteps],
    [
      "steps that a query builder has encoded",
      [encodeURIComponent(steps(256))],
      [encodeURIComponent(steps(257))],
      tooManySteps,
    ],
    ["steps of a layer", [layer(steps(256))], [layer(steps(257))], tooManySteps],
    ["steps in several texts", [steps(128), steps(128)], [steps(128), steps(129)], tooManySteps],
    ["texts", Array(256).fill("q-1"), Array(257).fill("q-1"), tooManySteps],
    ["empty steps", [":".repeat(255)], [":".repeat(256)], tooManySteps],
    ["parameters", [parameters(1024)], [parameters(1025)], tooManyParameters],
    ["parameters in several texts", Array(4).fill(parameters(256)), Array(5).fill(parameters(205)), tooManyParameters],
    ["empty parameters", [",".repeat(1023)], [",".repeat(1024)], tooManyParameters],
  ] as const)("%s", (_, within, beyond, message) => {
    expect(refusal(...within)).toBeUndefined();
    expect(refusal(...beyond)).toBe(message);
  });

  test("before anything else in it is read", () => {
    expect(refusal(`w-abc:${steps(256)}`)).toBe(tooManySteps);
    expect(refusal(`w-%ff,${parameters(1024)}`)).toBe(tooManyParameters);
    expect(refusal("w-abc", steps(256))).toBe(tooManySteps);
  });
});
