import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../release/packages.ts";
import { contextFilter } from "./build-context.ts";
import { expand, parseDockerfile } from "./dockerfile.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");

test("the Dockerfile of this repository is understood, and each stage comes from one before it or from the base", () => {
  const { globals, stages } = parseDockerfile(read("Dockerfile"));
  expect(stages.map(({ name }) => name)).toEqual(["manifests", "build", "production", undefined]);
  for (const [index, { from, instructions }] of stages.entries()) {
    expect(expand(from, globals)).toBe("node:24-trixie-slim");
    const sources = instructions.flatMap(({ options }) => options.filter(([name]) => name === "from"));
    const before = stages.slice(0, index).map(({ name }) => name);
    expect(before).toEqual(expect.arrayContaining(sources.map(([, name]) => name)));
  }
});

test("lines are joined, comments are left out, options stand before the rest", () => {
  const { stages } = parseDockerfile(
    "ARG A=1\nFROM x AS y\nRUN --mount=type=cache,target=/c a \\\n # why\n  && b\nUSER 1:1\n",
  );
  expect(stages).toEqual([
    {
      name: "y",
      from: "x",
      instructions: [
        { name: "RUN", options: [["mount", "type=cache,target=/c"]], rest: "a && b" },
        { name: "USER", options: [], rest: "1:1" },
      ],
    },
  ]);
  expect(() => parseDockerfile("FROM x\nADD a b")).toThrow("not understood: ADD a b");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a Dockerfile spells its variables so
  expect(expand("$A-${B:-c}-${A}", new Map([["A", "1"]]))).toBe("1-c-1");
});

test("a builder gets the sources, and neither tests nor dependencies nor data", () => {
  const lets = contextFilter(read(".dockerignore"));
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n").filter(lets);
  expect(files).toEqual(
    expect.arrayContaining([
      "package.json",
      "examples/hono/package.json",
      "packages/server/src/main.ts",
      "docs/README.md",
    ]),
  );
  const never = [".env", "data/sluice.sqlite", "packages/server/node_modules/x/index.js", "deploy/secrets/sluice.env"];
  expect(
    [...files, ...never].filter((file) => lets(file) && /\.test\.ts$|node_modules|^data|\.env/.test(file)),
  ).toEqual([]);
});

test("no line that lets files in has a wildcard below a folder, where buildah would not look", () => {
  const lines = read(".dockerignore").split("\n");
  expect(lines.filter((line) => /^!.*\*.*\//.test(line))).toEqual([]);
});
