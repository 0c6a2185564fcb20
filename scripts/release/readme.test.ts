import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { readPages } from "../site/pages.ts";
import { publishedPackages, root } from "./packages.ts";
import { selfContained } from "./readme.ts";

const pages = readPages(root);
/** Rewrites a text, without the sentence at its end that explains the addresses. */
const rewrite = (text: string) => selfContained(text, "packages/token", pages).split("\n\nAddresses ")[0];

test("a link into the documentation becomes its address on a server, any other one its text", () => {
  expect(rewrite("See [used tokens](../../docs/upload-outcome.md#used-tokens).")).toBe(
    "See used tokens (`/docs/upload-outcome#used-tokens`).",
  );
  expect(rewrite("In [docs/errors.md](../../docs/errors.md) of [Sluice](../../README.md).")).toBe(
    "In `/docs/errors` of Sluice.",
  );
  const kept = "[below](#errors), [tus](https://tus.io)\n\n```md\n[x](./x.md)\n```\n";
  expect(rewrite(kept)).toBe(kept);
});

test("each published package has a README, which has no dead link on a registry's page", () => {
  const readmes = globSync("packages/*/README.md", { cwd: root });
  expect(readmes.map((file) => dirname(file)).sort()).toEqual(
    publishedPackages()
      .map(({ folder }) => folder)
      .sort(),
  );
  for (const file of readmes) {
    const text = selfContained(readFileSync(`${root}${file}`, "utf8"), dirname(file), pages);
    expect([file, ...text.matchAll(/\]\((?!https:|#)[^)]*\)/g)].map(String)).toEqual([file]);
  }
});
