import { expect, test } from "vitest";
import type { Connection } from "../../database.ts";
import { bounds, nextStride } from "./bounds.ts";

const here = { engine: { runNow: () => ({ rows: [], changed: 0 }) } } as unknown as Connection;
const overNetwork = { engine: {} } as Connection;

test("the steps of a search grow as long as they are quick, and shrink where they hold the thread", () => {
  expect(nextStride(100, 2000, 1, here)).toBe(300);
  expect(nextStride(1000, 2000, 1, here)).toBe(2000);
  expect(nextStride(1000, 2000, 4 * bounds.statementMs, here)).toBe(250);
  expect(nextStride(100, 2000, 1000 * bounds.statementMs, here)).toBe(bounds.leastEntries);
});

test("a statement over the network holds nobody, however long it takes", () => {
  expect(nextStride(100, 2000, 1000 * bounds.statementMs, overNetwork)).toBe(300);
});
