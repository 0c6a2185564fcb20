import { expect, test } from "vitest";
import { english } from "./english.ts";
import { pseudo } from "./pseudo.ts";

test("every text of the other language is marked, also those that take values", () => {
  const other = pseudo(english);
  expect(other.library.count(3)).toMatch(/^\[3 f.*\]$/);
  expect(other.keys.list[0]?.[1]).toMatch(/^\[.*\]$/);
  expect(JSON.stringify(other)).not.toContain('"Upload"');
});
