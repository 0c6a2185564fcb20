import { expect, test } from "vitest";
import { keepAnswer, maxKeptBodyBytes } from "./kept-answer.ts";

test("a body is kept up to its bound, without half a character at the end", () => {
  const whole = Buffer.from("ü".repeat(maxKeptBodyBytes / 2));
  expect(keepAnswer({}, whole)).toEqual({ headers: [], body: whole.toString(), isCut: false });
  const cut = keepAnswer({}, Buffer.from(`x${"ü".repeat(maxKeptBodyBytes)}`).subarray(0, maxKeptBodyBytes + 1));
  expect(cut).toEqual({ headers: [], body: `x${"ü".repeat(maxKeptBodyBytes / 2 - 1)}`, isCut: true });
});

test("what is no text has no character that a database or a terminal takes amiss", () => {
  const { body, headers } = keepAnswer({ "x-a": "a\u0000\u001b[2J" }, Buffer.from([0, 27, 0x80, 10, 9, 65]));
  expect([body, headers]).toEqual(["\u{fffd}\u{fffd}\u{fffd}\n\tA", [["x-a", "a\u{fffd}\u{fffd}[2J"]]]);
});

test("cookies and credentials are left out of the headers, and the rest is bounded", () => {
  const { headers, isCut } = keepAnswer(
    {
      "Set-Cookie": ["a=1", "b=2"],
      authorization: "x",
      Via: ["one", "two"],
      "x-long": "y".repeat(3000),
      "x-last": "z",
    },
    Buffer.alloc(0),
  );
  expect([headers, isCut]).toEqual([
    [
      ["via", "one"],
      ["via", "two"],
    ],
    true,
  ]);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, "v"]));
  expect(keepAnswer(many, Buffer.alloc(0)).headers).toHaveLength(40);
});
