import { expect, test } from "vitest";
import { headerProblems } from "./header.ts";

const good = { alg: "HS256", typ: "JWT", kid: "public_test" };
const problems = (header: object) =>
  [...headerProblems(header as Record<string, unknown>)].map(({ problem }) => problem);

test.each([
  good,
  { ...good, typ: "jwt" },
  { ...good, jti: "1", cty: "x", b64: false, zip: "DEF" },
  { ...good, jwk: { kty: "oct", k: "AA" }, jku: "https://evil.example/k", x5c: ["AA"], x5u: "https://evil.example/c" },
])("accepts %j", (header) => {
  expect(problems(header)).toEqual([]);
});

test.each<[string, object, string]>([
  ...["none", "None", "NONE", "nOnE", "", "hs256", "HS512", "HS384", "RS256", "ES256", "EdDSA", "HS256 "].map(
    (alg): [string, object, string] => [`alg ${JSON.stringify(alg)}`, { ...good, alg }, "alg"],
  ),
  ["no alg", { typ: "JWT", kid: "public_test" }, "alg"],
  ["an alg in an array", { ...good, alg: ["HS256"] }, "alg"],
  ["no typ", { alg: "HS256", kid: "public_test" }, "typ"],
  ["another typ", { ...good, typ: "at+jwt" }, "typ"],
  ["crit", { ...good, crit: ["b64"], b64: false }, "crit"],
  ["an empty crit", { ...good, crit: undefined }, "crit"],
  ["no kid", { alg: "HS256", typ: "JWT" }, "kid"],
  ["an empty kid", { ...good, kid: "" }, "kid"],
  ["a kid that is no string", { ...good, kid: { toString: "public_test" } }, "kid"],
])("refuses %s", (_, header, member) => {
  const found = problems(header);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(member);
});

test("names everything that is wrong, the algorithm first", () => {
  expect(problems({ crit: [] }).map((problem) => /alg|typ|crit|kid/.exec(problem)?.[0])).toEqual([
    "alg",
    "typ",
    "crit",
    "kid",
  ]);
});
