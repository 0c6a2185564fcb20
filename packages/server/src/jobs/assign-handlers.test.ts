import { expect, test } from "vitest";
import { assignHandlers } from "./assign-handlers.ts";
import { jobTable } from "./job-table.ts";

const table = { one: jobTable["sweep-blobs"], two: jobTable["sweep-blobs"] };
const handler = async () => undefined;

test("each job gets its handler", () => {
  const other = async () => undefined;
  const assigned = assignHandlers(table, [
    ["two", other],
    ["one", handler],
  ]);
  expect(assigned.get("one")).toBe(handler);
  expect(assigned.get("two")).toBe(other);
});

test("a job without a handler, one with two, and a handler without a job throw by name", () => {
  expect(() => assignHandlers(table, [["one", handler]])).toThrow("two");
  const twice = ["one", "two", "one"].map((name) => [name, handler] as const);
  expect(() => assignHandlers(table, twice)).toThrow("one has two handlers");
  expect(() => assignHandlers(table, [["three", handler]])).toThrow("three");
});
