import { expect, test } from "vitest";
import { fsckLines, migrateLines, sweepLines } from "./maintenance-reports.ts";

const person = { interactive: true, tookMs: 65_000 };
const program = { interactive: false, tookMs: 65_000 };
const checked = { files: 3, versions: 4, blobs: 2, trashedFiles: 0, problems: [], notes: [] };
const swept = {
  trashedFiles: 0,
  expiredSessions: 0,
  orphanedPieces: 0,
  releasedBlobs: 2,
  releasedBytes: 1_200_000,
  orphanedObjects: 0,
  unfinishedUploads: 0,
  expiredTokens: 5000,
  spoolFiles: 0,
  derivedFiles: 0,
  sharedDerivedFiles: 0,
};

test("fsck tells a person what was proved, and a program whether it is clean", () => {
  const counts = "3 files, 4 versions, 2 blobs checked";
  expect(fsckLines(checked, { ...program, deep: true })).toEqual([counts, "clean"]);
  expect(fsckLines(checked, { ...person, deep: true })).toEqual([
    counts,
    "clean: database and store agree (every byte was read; it took 1 min 5 s)",
  ]);
  const broken = { ...checked, problems: ["version a has no blob"], notes: ["object b"] };
  const told = ["problem: version a has no blob", "note: object b", counts];
  expect(fsckLines(broken, { ...program, deep: false })).toEqual([...told, "1 problems"]);
  expect(fsckLines(broken, { ...person, deep: false })).toEqual([
    ...told,
    "1 problem (contents were not read, which --deep does; it took 1 min 5 s)",
  ]);
});

test("sweep tells a person what went, and a program every count", () => {
  expect(sweepLines(swept, person)).toEqual([
    "removed in 1 min 5 s:",
    "  contents without a file: 2",
    "  bytes of these contents: 1.2 MB",
    "  tokens that have expired: 5,000",
  ]);
  const nothing = { ...swept, releasedBlobs: 0, releasedBytes: 0, expiredTokens: 0 };
  expect(sweepLines(nothing, person)).toEqual(["nothing had to be removed; looking for it took 1 min 5 s"]);
  expect(sweepLines(swept, program)).toContain("expiredTokens: 5000");
  expect(sweepLines(swept, program)).toHaveLength(Object.keys(swept).length);
});

test("migrate says what ran", () => {
  expect(migrateLines(["0001-initial", "0002-jobs"], program)).toEqual(["ran 0001-initial, 0002-jobs"]);
  expect(migrateLines(["0001-initial"], person)).toEqual([
    "ran 0001-initial",
    "the database is up to date, after 1 min 5 s",
  ]);
  expect(migrateLines([], program)).toEqual(["nothing to do"]);
  expect(migrateLines([], person)).toEqual(["nothing to do: the database is up to date"]);
});
