import { describe, expect, test } from "vitest";
import { applyPolicy, compilePolicy, type UploadPolicy } from "./policy.ts";

const apply = (policy: UploadPolicy, requested: Record<string, string>) => ({
  ...applyPolicy(compilePolicy(policy), requested),
});

describe("what a client may name", () => {
  test("allow lets the named parameters through and refuses every other by name", () => {
    expect(apply({ allow: ["fileName", "tags"] }, { fileName: "a", tags: "x" })).toEqual({ fileName: "a", tags: "x" });
    expect(() => apply({ allow: ["fileName"] }, { fileName: "a", folder: "/etc" })).toThrow('"folder" may not be set');
    expect(() => apply({ allow: ["fileName"] }, JSON.parse('{"__proto__":"x"}'))).toThrow('"__proto__"');
  });

  test("refuse lets every other through", () => {
    expect(apply({ refuse: ["folder"] }, { fileName: "a", anything: "b" })).toEqual({ fileName: "a", anything: "b" });
    expect(() => apply({ refuse: ["folder"] }, { folder: "/" })).toThrow('"folder" may not be set');
    expect(apply({ refuse: [] }, { folder: "/" })).toEqual({ folder: "/" });
  });

  test("a forced parameter wins over what the client names, allowed or not", () => {
    const policy = { allow: ["fileName"], force: { folder: "/users/7/", useUniqueFileName: true } };
    const forced = { fileName: "a", folder: "/users/7/", useUniqueFileName: "true" };
    expect(apply(policy, { fileName: "a" })).toEqual(forced);
    expect(apply(policy, { fileName: "a", folder: "/users/8/", useUniqueFileName: "false" })).toEqual(forced);
  });

  test("a default stands where the client names nothing", () => {
    const policy = { allow: ["fileName", "tags"], default: { tags: ["new", "web"] } };
    expect(apply(policy, { fileName: "a" })).toEqual({ fileName: "a", tags: "new,web" });
    expect(apply(policy, { fileName: "a", tags: "" })).toEqual({ fileName: "a", tags: "" });
  });

  test("what is to be made of the file can be forced as an object", () => {
    const transformation = { pre: "w-1600,c-at_max", post: [{ type: "transformation", value: "w-100" }] } as const;
    const forced = '{"pre":"w-1600,c-at_max","post":[{"type":"transformation","value":"w-100"}]}';
    expect(apply({ allow: [], force: { transformation } }, { transformation: "{}" })).toEqual({
      transformation: forced,
    });
  });

  test("checks are forced, whatever the client names", () => {
    const policy: UploadPolicy = { allow: ["fileName"], checks: { fileTypes: ["image/png"], maxSize: "1MB" } };
    const checks = `"file.mime" IN ["image/png"] AND "file.size" <= "1MB"`;
    expect(apply(policy, { fileName: "a" })).toEqual({ fileName: "a", checks });
    expect(apply(policy, { fileName: "a", checks: "" })).toEqual({ fileName: "a", checks });
    expect(apply({ allow: [], checks: "'file.size' > 1", force: { folder: "/a" } }, {})).toEqual({
      folder: "/a",
      checks: "'file.size' > 1",
    });
  });

  test("undefined forces nothing", () => {
    expect(apply({ allow: ["tags"], force: { folder: undefined } }, { tags: "a" })).toEqual({ tags: "a" });
  });
});

describe("a policy that contradicts itself is refused when it is built", () => {
  test.each<[string, unknown]>([
    ["nothing", null],
    ["an array", []],
    ["neither allow nor refuse", { force: { folder: "/a" } }],
    ["both allow and refuse", { allow: ["fileName"], refuse: ["folder"] }],
    ["allow that is no list", { allow: "fileName" }],
    ["allow with something else than names", { allow: [1] }],
    ["a name that is never a parameter", { allow: ["file"] }],
    ["token in force", { allow: ["fileName"], force: { token: "x" } }],
    ["a forced value that cannot travel", { allow: ["fileName"], force: { folder: null } }],
    ["a parameter forced and allowed", { allow: ["folder"], force: { folder: "/a" } }],
    ["a parameter forced and refused", { refuse: ["folder"], force: { folder: "/a" } }],
    ["a parameter forced and with a default", { refuse: [], force: { folder: "/a" }, default: { folder: "/b" } }],
    ["a default that a client may not set", { allow: ["fileName"], default: { folder: "/a" } }],
    ["a default that is refused", { refuse: ["folder"], default: { folder: "/a" } }],
    ["checks that say nothing", { allow: [], checks: {} }],
    ["checks that are allowed as well", { allow: ["checks"], checks: { maxSize: 1 } }],
    ["checks that are refused as well", { refuse: ["checks"], checks: { maxSize: 1 } }],
    ["checks that are forced as well", { allow: [], checks: { maxSize: 1 }, force: { checks: "x" } }],
    ["checks with a default", { refuse: [], checks: { maxSize: 1 }, default: { checks: "x" } }],
    ["a misspelt member", { allow: ["fileName"], forced: { folder: "/a" } }],
  ])("%s", (_, policy) => {
    expect(() => compilePolicy(policy as UploadPolicy)).toThrow(TypeError);
  });

  test.each([0, 3601, 1.5, "60", null])("maxLifetime %j", (maxLifetime) => {
    expect(() => compilePolicy({ allow: ["fileName"], maxLifetime } as UploadPolicy)).toThrow(RangeError);
  });
});

test("a policy whose values the server would refuse is refused when it is compiled", () => {
  const named = "The parameter isPublished must be exactly true or false";
  expect(() => compilePolicy({ allow: [], force: { isPublished: "yes" } })).toThrow(named);
  expect(() => compilePolicy({ refuse: [], default: { isPublished: "yes" } })).toThrow(named);
});
