import { expect, test } from "vitest";
import { describeFailure } from "./describe-failure.ts";

test("names the failure in one line, without its stack and its properties", () => {
  const error = Object.assign(new TypeError("went\nwrong"), { authorization: "secret" });
  expect(describeFailure(error)).toBe("TypeError: went wrong");
  expect(describeFailure("thrown text")).toBe("thrown text");
  expect(describeFailure({ message: "told", stack: "of" })).toBe("told");
  expect(describeFailure(undefined)).toBe("undefined");
});

test("leaves passwords and signatures out of URLs", () => {
  const text = "can't reach postgres://me:hunter2@db/x nor https://s3.test/b/k?X-Amz-Signature=abc today";
  expect(describeFailure(new Error(text))).toBe(
    "Error: can't reach postgres://[redacted]@db/x nor https://s3.test/b/k?[redacted] today",
  );
});

test("is of bounded length", () => {
  expect(describeFailure(new Error("x".repeat(10_000)))).toHaveLength(500);
});
