import { expect, test } from "vitest";
import { basicCandidates } from "./authenticate.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["an empty password", `Basic ${encode("private_test=:")}`],
  ["the password that the Node SDK sends", `Basic ${encode("private_test=:do_not_set")}`],
  ["no colon at all", `Basic ${encode("private_test=")}`],
  ["the scheme in another case", `basic ${encode("private_test=:")}`],
  ["the raw key", "Basic private_test="],
  ["the raw key with a colon", "Basic private_test=:"],
])("%s: the private key is among the candidates", (_, header) => {
  expect(basicCandidates(header)).toContain("private_test=");
});

test("without a Basic header there are no candidates, with an empty one none", () => {
  expect(basicCandidates(undefined)).toBeUndefined();
  expect(basicCandidates("Bearer abc")).toBeUndefined();
  expect(basicCandidates("Basic")).toEqual([]);
  expect(basicCandidates("Basic ")).toEqual([]);
  expect(basicCandidates(`Basic ${encode(":password")}`)).not.toContain("");
});
