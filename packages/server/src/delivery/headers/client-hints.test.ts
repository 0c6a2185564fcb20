import { expect, test } from "vitest";
import { contentDpr, readClientHints } from "./client-hints.ts";

test.each([
  ["212", "2", { width: 212, dpr: 2 }],
  [" 600 ", "1.5", { width: 600, dpr: 1.5 }],
  ["0", "0", { width: undefined, dpr: undefined }],
  ["70000", "6", { width: undefined, dpr: undefined }],
  ["-5", "1e3", { width: undefined, dpr: undefined }],
  ["wide", "", { width: undefined, dpr: undefined }],
  [undefined, undefined, { width: undefined, dpr: undefined }],
])("Sec-CH-Width %s, Sec-CH-DPR %s", (width, dpr, expected) => {
  const headers = {
    ...(width !== undefined && { "sec-ch-width": width }),
    ...(dpr !== undefined && { "sec-ch-dpr": dpr }),
  };
  expect(readClientHints(headers)).toEqual(expected);
});

test("the density of what is delivered is told to two digits", () => {
  expect(contentDpr({ width: 212, dpr: 2 }, 300)).toBe("2.83");
  expect(contentDpr({ width: 600 }, 600)).toBe("1");
  expect(contentDpr({ dpr: 2 }, 300)).toBeUndefined();
});
