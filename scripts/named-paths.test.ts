import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = globSync("**/*.{ts,tsx,md,html,json,mjs,sh,yaml}", {
  exclude: (name) => /node_modules|^dist$|^\.git$/.test(name),
});

// A page may leave out the first folders of a path.
test.each(["CONTRIBUTING.md", "docs/architecture.md", "docs/testing.md"])("the files that %s names exist", (page) => {
  const named = readFileSync(page, "utf8").matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.\w+)`/g);
  const paths = new Set([...named].map(([, path = ""]) => path));
  const missing = [...paths].filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`)));
  expect(missing).toEqual([]);
});
