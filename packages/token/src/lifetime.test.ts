import { expect, test } from "vitest";
import { type LifetimeLimits, lifetimeProblems } from "./lifetime.ts";

const iat = 1_767_225_600;
const judge = (payload: object, now = iat, limits?: LifetimeLimits) => [
  ...lifetimeProblems(payload as Record<string, unknown>, now, limits),
];
const codes = (...input: Parameters<typeof judge>) => judge(...input).map(({ code }) => code);

test("3600 seconds are the longest lifetime and pass", () => {
  expect(codes({ iat, exp: iat + 3600 })).toEqual([]);
  expect(codes({ iat, exp: iat + 3601 })).toEqual(["TOKEN_INVALID"]);
});

test("a token holds until exp and not at exp", () => {
  expect(codes({ iat, exp: iat + 60 }, iat + 59.999)).toEqual([]);
  expect(codes({ iat, exp: iat + 60 }, iat + 60)).toEqual(["TOKEN_EXPIRED"]);
});

test("iat may be 60 seconds ahead and not more", () => {
  expect(codes({ iat, exp: iat + 60 }, iat - 60)).toEqual([]);
  expect(codes({ iat, exp: iat + 60 }, iat - 60.001)).toEqual(["TOKEN_INVALID"]);
});

test.each([
  { iat: iat * 1000, exp: iat * 1000 + 60_000 },
  { iat: iat * 1000, exp: iat * 1000 + 60 },
  { iat, exp: iat * 1000 + 60_000 },
])("times in milliseconds are recognised: %j", (times) => {
  expect(judge(times)[0]?.problem).toContain("looks like milliseconds");
  expect(judge({ iat, exp: iat + 3601 })[0]?.problem).not.toContain("milliseconds");
});

test("exp must come after iat", () => {
  expect(codes({ iat, exp: iat }, iat - 1)).toEqual(["TOKEN_INVALID"]);
  expect(codes({ iat, exp: iat - 5 }, iat - 10)).toEqual(["TOKEN_INVALID"]);
});

test("a token that is malformed as well as expired is invalid first", () => {
  expect(codes({ iat, exp: iat + 3601 }, iat + 4000)).toEqual(["TOKEN_INVALID", "TOKEN_EXPIRED"]);
});

test.each([undefined, null, "1767225600", 1.5, Number.NaN, 2 ** 60, [iat], true])(
  "iat or exp %j is refused",
  (value) => {
    expect(codes({ iat: value, exp: iat + 60 })).toEqual(["TOKEN_INVALID"]);
    expect(codes({ iat, exp: value })).toEqual(["TOKEN_INVALID"]);
  },
);

test("missing and malformed claims are told apart", () => {
  const [missing, malformed] = judge({ exp: "1" });
  expect(missing?.problem).toBe("The token has no claim iat.");
  expect(malformed?.problem).toContain("exp must be an integer");
});

test("a lifetime problem gives the three times, in the sentence and as numbers", () => {
  const [expired] = judge({ iat, exp: iat + 60 }, iat + 61.5);
  expect(expired).toEqual({
    code: "TOKEN_EXPIRED",
    problem: `The token expired 1 s ago. If it was minted just now, the clock of the backend that minted it is at least 1 s slow, or the server's is fast (server time ${iat + 61}, iat ${iat}, exp ${iat + 60}).`,
    times: { now: iat + 61.5, issuedAt: iat, expiresAt: iat + 60 },
  });
});

test("all three limits can be set", () => {
  expect(codes({ iat, exp: iat + 61 }, iat, { maxLifetime: 60 })).toEqual(["TOKEN_INVALID"]);
  expect(codes({ iat, exp: iat + 60 }, iat - 1, { issuedAtTolerance: 0 })).toEqual(["TOKEN_INVALID"]);
  expect(codes({ iat, exp: iat + 60 }, iat + 64, { expiryTolerance: 5 })).toEqual([]);
});

test("a clock or limit that is no number is an error, not a pass", () => {
  expect(() => judge({ iat, exp: iat + 60 }, Number.NaN)).toThrow(RangeError);
  expect(() => judge({ iat, exp: iat + 60 }, iat, { maxLifetime: Number.NaN })).toThrow(RangeError);
});
