import { expect, test } from "vitest";
import { describeFailure, reasonForAccounts } from "./describe-failure.ts";

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

test.each([
  ["Error: Its server answered with the status 500.", "Its server answered with the status 500."],
  ["Error: ENOENT: no such file, open '/data/blobs/ab'", "ENOENT: no such file, open [path]"],
  ["StorageError: can't write to /data/spool (disk)", "StorageError: can't write to [path] (disk)"],
  ["Error: connect ECONNREFUSED 10.0.0.5:5432", "connect ECONNREFUSED [host]"],
  ["Error: getaddrinfo ENOTFOUND db.internal", "getaddrinfo ENOTFOUND [host]"],
  ["Error: 10.0.0.5:5432 is gone, see s3://bucket/key", "[address] is gone, see [address]"],
])("the reason %j is told to accounts as %j", (reason, told) => {
  expect(reasonForAccounts(reason)).toBe(told);
});
