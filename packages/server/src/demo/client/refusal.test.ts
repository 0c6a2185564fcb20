import { expect, test } from "vitest";
import { readRefusal } from "./refusal.ts";

test("a refusal keeps the server's words", () => {
  const text = JSON.stringify({ message: "Used.", help: "Mint another.", reason: "TOKEN_USED" });
  expect(readRefusal(400, text)).toMatchObject({
    status: 400,
    message: "Used.",
    help: "Mint another.",
    reason: "TOKEN_USED",
    text,
  });
});

test.each(["", "<html>", "null", '"text"', "[]", '{"message":7}'])(
  "an answer like %j still gives a sentence",
  (text) => {
    expect(readRefusal(502, text)).toMatchObject({
      status: 502,
      message: "The server's answer can't be read.",
      help: "",
    });
  },
);
