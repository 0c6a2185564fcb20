import { expect, test } from "vitest";
import * as transactions from "./transactions.ts";

test("each script is found by the name of its function, by which SQLite's writing thread is asked for it", () => {
  const functions = Object.entries(transactions).flatMap(([key, value]) =>
    typeof value === "function" && key !== "lateWork" ? [{ key, name: value.name }] : [],
  );
  expect(functions.length).toBeGreaterThan(100);
  expect(functions.filter(({ key, name }) => name !== key)).toEqual([]);
});
