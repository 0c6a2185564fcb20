import { expect, test } from "vitest";
import { storedFileName, storedFolderName } from "./stored-name.ts";

test.each([
  ["summer sale (1).jpg", "summer_sale__1_.jpg", "summer_sale__1__jpg"],
  ["a/b\\c", "a_b_c", "a_b_c"],
  ["Zu\u0308rich-2026_a", "Zürich-2026_a", "Zürich-2026_a"],
  ["😀.png", "_.png", "__png"],
])("%j is stored as %j, or as %j of a folder", (typed, file, folder) => {
  expect(storedFileName(typed)).toBe(file);
  expect(storedFolderName(typed)).toBe(folder);
});
