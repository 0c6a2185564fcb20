import process from "node:process";
import { expect, test } from "vitest";
import { assertParameterValues } from "./parameter-values.ts";

/** The text has as many marks as a token request may contain, in the order that takes the engine longest to compose. */
const marks = `a${"\u0301\u0323".repeat(16_000)}`;

test.each(["fileName", "folder"])("a %s of nothing but combining marks is refused in a moment", (name) => {
  const before = process.threadCpuUsage();
  expect(() => assertParameterValues({ [name]: marks })).toThrow("255 bytes");
  const { user, system } = process.threadCpuUsage(before);
  // Composing the text takes half a second or more.
  expect((user + system) / 1000).toBeLessThan(150);
});

test("a name is measured as it is composed", () => {
  expect(() => assertParameterValues({ fileName: "e\u0301".repeat(127) })).not.toThrow();
  expect(() => assertParameterValues({ fileName: "e\u0301".repeat(128) })).toThrow("255 bytes");
});
