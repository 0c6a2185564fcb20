import { expect, test } from "vitest";
import { isThumbnailName } from "./named-thumbnails.ts";

test("only the built-in names are thumbnails", () => {
  expect(["ik_ml_thumbnail", "media_library_thumbnail"].every(isThumbnailName)).toBe(true);
  expect(["IK_ML_THUMBNAIL", "", "constructor", "__proto__"].some(isThumbnailName)).toBe(false);
});
