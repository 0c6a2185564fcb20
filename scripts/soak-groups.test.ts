import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { aloneFiles, filesOf, passesFor, type SoakGroup, soakGroups, waitingFiles } from "./soak-groups.ts";

const groups: readonly SoakGroup[] = Object.values(soakGroups);

test("each file of the soak belongs to one group", () => {
  const files = globSync(["{acceptance,packages/*,bench}/src/**/*.soak.ts", "scripts/**/*.soak.ts"], {
    exclude: ["**/*.browser.soak.ts"],
  });
  expect(groups.flatMap(filesOf).toSorted()).toEqual(files.toSorted());
});

test("docs/testing.md has each group", () => {
  const groupsOfPage = readFileSync("docs/testing.md", "utf8").matchAll(/^\| `([\w-]+)` \| /gm);
  expect([...groupsOfPage].map(([, name]) => name)).toEqual(expect.arrayContaining(Object.keys(soakGroups)));
});

test("a group's name runs its files and projects and no others, and arguments go to vitest", () => {
  const [files, projects, ...more] = passesFor(["workers", "bench"], ["-t", "x"]);
  expect(files?.args).toEqual([...filesOf(soakGroups.workers), ...soakGroups.bench.files, "-t", "x"]);
  expect(projects).toEqual({ projects: ["acceptance-workers"], args: ["-t", "x"] });
  expect(more).toEqual([]);
});

test("without a name all of it runs, in one run of vitest", () => {
  const [pass, ...more] = passesFor([], []);
  expect(pass?.args).toEqual([]);
  expect(pass?.projects).toEqual(
    expect.arrayContaining(["soak", "soak-waiting", ...groups.flatMap((group) => group.projects ?? [])]),
  );
  expect(more).toEqual([]);
  expect(waitingFiles.filter((file) => aloneFiles.includes(file))).toEqual([]);
});

test("a name that no group has ends with exit code 2 and the names", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/soak.ts", "crash", "crush"], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^The soak has no group "crush"\./);
  for (const name of Object.keys(soakGroups)) expect(stderr).toContain(`\n  ${name} `);
});
