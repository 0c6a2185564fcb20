import { test } from "vitest";
import { checkAnySteps } from "../../testing/any-steps.ts";

test.each([
  ["image", 40],
  ["animation", 10],
] as const)("whatever steps an %s is given, it gets the size that was planned, or the reason why not", (source, runs) =>
  checkAnySteps(source, runs),
);
