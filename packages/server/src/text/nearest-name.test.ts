import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const known = ["fileName", "folder", "useUniqueFileName", "tags"];

test.each([
  ["filename", "fileName"],
  ["tag", "tags"],
  ["useUniqueFilname", "useUniqueFileName"],
  ["fodler", "folder"],
  ["fodlre", undefined],
  ["tasg", "tags"],
  ["a", undefined],
  ["foldr", "folder"],
  ["banana", undefined],
  ["x".repeat(100_000), undefined],
])("%s", (name, nearest) => expect(nearestName(name, known)).toBe(nearest));
