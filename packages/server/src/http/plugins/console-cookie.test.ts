import { expect, test } from "vitest";
import { cookieIn } from "./console-session.ts";

const name = "__Host-sluice_0123";

test.each([
  ["the cookie alone", `${name}=mine`, "mine"],
  ["the cookie among others", `a=b;\t${name}=mine; ${name}4=other`, "mine"],
  ["the cookie twice", `${name}=mine; ${name}=mine`, "mine"],
  ["two values", `${name}=mine; ${name}=other`, undefined],
  ["another name's end", `x${name}=other`, undefined],
  ["no cookie", undefined, undefined],
])("%s", (_what, header, expected) => {
  expect(cookieIn(header, name)).toBe(expected);
});

// Node gives the bytes of a header as Latin-1.
test.each(["\xa0", "\v", "\f", "\ufeff", "\u2000"])(
  "a name behind %j is another name, which another host may set",
  (space) => {
    expect(cookieIn(`${space}${name}=other`, name)).toBeUndefined();
    expect(cookieIn(`${space}${name}=other; ${name}=mine`, name)).toBe("mine");
  },
);
