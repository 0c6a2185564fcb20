import { expect, test } from "vitest";
import { printable } from "./printable.ts";
import { statusLine } from "./status-line.ts";

test.each([
  ["\u001b[2J", "\\u001b[2J"],
  // A webhook's receiver may answer like this, and JSON does not escape it.
  [JSON.stringify("\u009b31m"), '"\\u009b31m"'],
  ["a\rb\u007f\u0000", "a\\u000db\\u007f\\u0000"],
  ["gpj.\u202eexe", "gpj.\\u202eexe"],
])("what a terminal would obey is shown as text: %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each(["two\n\tlines", "größe 💧 مرحبا", ""])("%j is printed as it is", (text) => {
  expect(printable(text)).toBe(text);
});

test("a status line has no control character but its own", () => {
  let written = "";
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  statusLine({ isTTY: true, columns: 80, write } as Parameters<typeof statusLine>[0], "xterm")?.("a\u001b[2J\nb");
  expect(written).toBe("\r\u001b[Ka\\u001b[2J b");
});
