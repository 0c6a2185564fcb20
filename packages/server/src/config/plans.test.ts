import { expect, test } from "vitest";
import { largestFile, largestLimit, limitOf, plans } from "./plans.ts";

test("a limit of size names the setting that sets it", () => {
  const { default: standard, free } = plans;
  expect(limitOf(standard, "video")).toEqual({
    limit: standard.video,
    setBy: "the server's setting --max-video-size (or its --plan)",
  });
  const ofFiles = { limit: standard.file, setBy: "the server's setting --max-file-size (or its --plan)" };
  expect([limitOf(standard, "image"), limitOf(standard, undefined)]).toEqual([ofFiles, ofFiles]);
  expect(largestLimit(standard)).toEqual(limitOf(standard, "video"));
  expect(largestLimit({ file: 2, video: 1 })).toMatchObject({ limit: 2, setBy: expect.stringContaining("file-size") });
  expect(largestFile(free)).toBe(free.file);
});
