import { expect, test } from "vitest";
import { tagsChanged } from "./tag-changes.ts";

const files = [
  { fileId: "a", tags: ["red", "old"] },
  { fileId: "b", tags: null },
  { fileId: "c", tags: ["old"] },
  { fileId: "d", tags: ["red", "blue"] },
];

test("an undo takes added tags from the files alone that didn't have them", () => {
  expect(tagsChanged(files, ["red", "blue"], "add")).toEqual([
    { fileIds: ["a"], tags: ["blue"] },
    { fileIds: ["b", "c"], tags: ["red", "blue"] },
  ]);
});

test("an undo gives removed tags back to the files alone that had them", () => {
  expect(tagsChanged(files, ["red", "blue"], "remove")).toEqual([
    { fileIds: ["a"], tags: ["red"] },
    { fileIds: ["d"], tags: ["red", "blue"] },
  ]);
});
