import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as transactions from "./transactions.ts";

const sources = fileURLToPath(new URL("../", import.meta.url));

test("each script is found by the name of its function, by which SQLite's writing thread is asked for it", () => {
  const functions = Object.entries(transactions).flatMap(([key, value]) =>
    typeof value === "function" && key !== "lateWork" ? [{ key, name: value.name }] : [],
  );
  expect(functions.length).toBeGreaterThan(100);
  expect(functions.filter(({ key, name }) => name !== key)).toEqual([]);
});

test("each script that the sources run is exported", () => {
  const run = globSync("**/*.ts", { cwd: sources, exclude: (name) => name === "testing" })
    .filter((file) => !/\.(test|soak|proof)\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(sources, file), "utf8");
      return [...text.matchAll(/database\.run\(\s*(\w+),/g)].map(([, name = ""]) => name);
    });
  // A script is a parameter here and there, and has another name beside a use case that is called the same.
  const names = new Set(run.filter((name) => name !== "script").map((name) => name.replace(/Script$/, "")));
  expect(names.size).toBeGreaterThan(80);
  expect([...names].filter((name) => !(name in transactions))).toEqual([]);
});
