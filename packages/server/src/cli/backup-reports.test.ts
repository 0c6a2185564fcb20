import { expect, test } from "vitest";
import { backupLines, listLines, restoreLines, verifyLines } from "./backup-reports.ts";

const manifest = {
  ...{ id: "ab", sluice: "0.1.0", migration: "0016-backups", library: "l", parts: [], lacking: [] },
  ...{ takenAt: 0, endedAt: 1, files: 2, versions: 3, contents: 4, bytes: 5 },
};
const copied = { contents: 1, bytes: 2, problems: [] };
const sums = "1970-01-01T00:00:00.000Z: 2 files, 3 versions";

test("a backup says what it holds, what was copied, and what the library lacks", () => {
  const counts = `${sums}: 4 contents, 5 bytes; copied: 1 contents, 2 bytes`;
  expect(backupLines({ manifest, copied })).toEqual([counts, "complete: ab"]);
  const problems = [{ key: "k", problem: "missing" as const }];
  expect(backupLines({ manifest, copied: { ...copied, problems } })).toEqual([
    "problem: content k of the library is missing",
    counts,
    "complete but for 1 contents: ab",
  ]);
});

test("the list names what is whole, and what is not", () => {
  expect(listLines({ backups: [], unusable: [] })).toEqual(["there is no backup"]);
  const backups = [{ ...manifest, storedAt: 0, recipients: ["age1"] }];
  expect(listLines({ backups, unusable: [{ id: "cd", why: "unfinished" }] })).toEqual([
    `ab ${sums}, Sluice 0.1.0, encrypted`,
    "cd unfinished",
  ]);
});

test("a check ends with clean, or with the number of problems", () => {
  expect(verifyLines(manifest, [])).toEqual(["ab: 4 contents, 5 bytes", "clean"]);
  expect(verifyLines(manifest, ["x is gone"])).toEqual(["problem: x is gone", "ab: 4 contents, 5 bytes", "1 problems"]);
});

test("a restore says which tokens are refused, and that contents were lacking before", () => {
  const last = "tokens, V1 signatures, sessions and links from before the first start of a server are refused";
  const first = `restored ${sums}; copied: 1 contents, 2 bytes`;
  expect(restoreLines(manifest, copied)).toEqual([first, last]);
  expect(restoreLines({ ...manifest, lacking: ["k"] }, copied)).toEqual([
    first,
    "the library lacked 1 contents when it was backed up; fsck names them",
    last,
  ]);
});
