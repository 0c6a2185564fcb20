import { expect, test } from "vitest";
import { checksText, type FileChecks } from "./file-checks.ts";

test.each<[FileChecks | string, string]>([
  [{ fileTypes: ["image/png"] }, `"file.mime" IN ["image/png"]`],
  [{ fileTypes: ["image/*"] }, `"file.mime" : "image/"`],
  [
    { fileTypes: ["image/*", "application/pdf", "video/*", "image/svg+xml"] },
    `("file.mime" : "image/" OR "file.mime" : "video/" OR "file.mime" IN ["application/pdf", "image/svg+xml"])`,
  ],
  [{ minSize: 1, maxSize: "10MB" }, `"file.size" >= 1 AND "file.size" <= "10MB"`],
  [{ maxSize: "1.5 kb", minSize: undefined }, `"file.size" <= "1.5 kb"`],
  [{ minWidth: 100, maxWidth: 4000 }, `"mediaMetadata.width" >= 100 AND "mediaMetadata.width" <= 4000`],
  [{ minHeight: 1, maxHeight: 2 }, `"mediaMetadata.height" >= 1 AND "mediaMetadata.height" <= 2`],
  [
    { fileTypes: ["image/*", "a/b"], maxSize: 5 },
    `("file.mime" : "image/" OR "file.mime" IN ["a/b"]) AND "file.size" <= 5`,
  ],
  [`"request.tags" IN ["a"]`, `"request.tags" IN ["a"]`],
])("%j is %s", (checks, text) => {
  expect(checksText(checks)).toBe(text);
});

test.each<unknown>([
  null,
  "",
  " ",
  [],
  {},
  { maxSize: undefined },
  { maxSizes: 1 },
  { constructor: 1 },
  { fileTypes: [] },
  { fileTypes: "image/*" },
  { fileTypes: ["image"] },
  { fileTypes: ["*/*"] },
  { fileTypes: ['image/"] OR "file.mime" : "'] },
  { fileTypes: [1] },
  { maxSize: -1 },
  { maxSize: 1.5 },
  { maxSize: Number.NaN },
  { maxSize: "10" },
  { maxSize: "10 MiB" },
  { maxSize: '1b" OR "file.size" > "0b' },
  { maxWidth: 0 },
  { maxHeight: "100" },
])("%j is refused", (checks) => {
  expect(() => checksText(checks as FileChecks)).toThrow(TypeError);
});
