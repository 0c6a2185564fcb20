import { describe, expect, test } from "vitest";
import { parameterNames } from "../upload-parameters.ts";
import { compilePolicy, type UploadPolicy } from "./policy.ts";

describe("a policy with a parameter's name misspelt throws, and names the one that was meant", () => {
  test.each<[string, UploadPolicy, string]>([
    ["allow", { allow: ["filename"] }, '"filename", which is no upload parameter: did you mean fileName?'],
    ["refuse", { refuse: ["fodler"] }, "folder"],
    ["force", { allow: ["fileName"], force: { foldr: "/a" } }, "folder"],
    ["default", { allow: ["tag"], default: { tag: "a" } }, "tags"],
    ["force", { allow: [], force: { isPrivateFiles: true } }, "isPrivateFile"],
    ["refuse", { refuse: ["useUniqueFileNane"] }, "useUniqueFileName"],
  ])("%s: %j", (_, policy, meant) => {
    expect(() => compilePolicy(policy)).toThrow(TypeError);
    expect(() => compilePolicy(policy)).toThrow(meant);
  });
});

test("documented parameters and parameters of one's own are taken", () => {
  for (const name of [...parameterNames, "campaign", "ta", "title"]) {
    expect(() => compilePolicy({ allow: [name] })).not.toThrow();
  }
});
