import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { consoleSources } from "../console/places.ts";
import { buildApp } from "./build-app.ts";
import { lockName } from "./build-lock.ts";
import { findBuild } from "./find-build.ts";

// The sources of a checkout with a builder that does as Vite does on its command line, and as the test wants it.
let root: string;
let workspace: string;
let cache: string;
const never = new AbortController().signal;
const writesPage = `
  const { mkdirSync, writeFileSync } = require("node:fs");
  const outDir = process.argv[process.argv.indexOf("--outDir") + 1];
  mkdirSync(outDir, { recursive: true });
  writeFileSync(outDir + "/index.html", process.cwd());`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-build-"));
  workspace = join(root, "packages/console");
  cache = join(root, "node_modules/.cache/console");
  await mkdir(join(workspace, "src"), { recursive: true });
  await writeFile(join(workspace, "package.json"), "{}");
  await writeFile(join(workspace, "src/main.tsx"), "1");
});
afterEach(() => rm(root, { recursive: true }));

async function installBuilder(program: string): Promise<void> {
  const vite = join(root, "node_modules/vite");
  await mkdir(join(vite, "bin"), { recursive: true });
  await writeFile(join(vite, "package.json"), '{ "name": "vite" }');
  await writeFile(join(vite, "bin/vite.js"), program);
}

const places = () => ({ sources: consoleSources(workspace), cache });

test("the app is built once for the same sources, and anew for others", async () => {
  await installBuilder(writesPage);
  expect(await findBuild(places())).toEqual({ state: "unbuilt" });
  expect(await buildApp(places(), never)).toEqual({ outcome: "built" });
  const first = await findBuild(places());
  expect(first).toEqual({ state: "built", folder: expect.stringMatching(/[0-9a-f]{24}$/) });
  expect(await buildApp(places(), never)).toEqual({ outcome: "nothing to build" });
  await writeFile(join(workspace, "src/main.test.tsx"), "a test is no source");
  expect(await findBuild(places())).toEqual(first);
  await writeFile(join(workspace, "src/main.tsx"), "2");
  expect(await findBuild(places())).toEqual({ state: "unbuilt" });
  expect(await buildApp(places(), never)).toEqual({ outcome: "built" });
  // The earlier build is gone.
  expect(await readdir(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{24}$/), lockName]);
});

test("where a build was made on purpose, nothing is built", async () => {
  await installBuilder(writesPage);
  await mkdir(join(workspace, "dist"));
  await writeFile(join(workspace, "dist/index.html"), "");
  expect(await buildApp(places(), never)).toEqual({ outcome: "nothing to build" });
  expect(await findBuild(places())).toEqual({ state: "built", folder: join(workspace, "dist") });
});

test("of several that build at once, one does", async () => {
  await installBuilder(`${writesPage} setTimeout(() => {}, 300);`);
  const outcomes = await Promise.all([1, 2, 3].map(() => buildApp(places(), never)));
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["built", "built by another", "built by another"]);
});

test("the file of a lock that nobody has is no lock", async () => {
  await installBuilder(writesPage);
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, lockName), "");
  expect(await findBuild(places())).toEqual({ state: "unbuilt" });
  expect(await buildApp(places(), never)).toEqual({ outcome: "built" });
});

test("a folder that another build may still write into is spared, and one that was left long ago isn't", async () => {
  await installBuilder(writesPage);
  const [fresh, old] = [join(cache, "1234.56.new"), join(cache, "1234.78.new")];
  for (const folder of [fresh, old]) await mkdir(folder, { recursive: true });
  const longAgo = Date.now() / 1000 - 601;
  await utimes(old, longAgo, longAgo);
  expect(await buildApp(places(), never)).toEqual({ outcome: "built" });
  expect(await readdir(cache)).toEqual(expect.arrayContaining(["1234.56.new"]));
  expect(await readdir(cache)).toHaveLength(3);
});

test("a build that fails leaves what was wrong, and the next one tries again", async () => {
  await installBuilder('console.error("src/main.tsx is wrong"); process.exit(1)');
  const failed = { outcome: "failed", problem: "src/main.tsx is wrong" };
  expect(await buildApp(places(), never)).toEqual(failed);
  expect(await findBuild(places())).toEqual({ state: "failed", problem: failed.problem });
  await installBuilder(writesPage);
  expect(await buildApp(places(), never)).toEqual({ outcome: "built" });
  expect(await findBuild(places())).toMatchObject({ state: "built" });
});

test("without dev dependencies nothing is built, and nothing is made", async () => {
  expect(await buildApp(places(), never)).toEqual({ outcome: "no dev dependencies" });
  expect(await readdir(root)).toEqual(["packages"]);
});

test("a server that ends gives its build up, and leaves neither a process nor a build", async () => {
  const pidFile = join(tmpdir(), `sluice-build-${process.pid}.pid`);
  const waits = `require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setTimeout(() => {}, 60000);`;
  await installBuilder(`${writesPage} ${waits}`);
  const stop = new AbortController();
  const building = buildApp(places(), stop.signal);
  building.catch(() => undefined);
  try {
    const pid = await expect
      .poll(() => readFile(pidFile, "utf8").catch(() => ""), { timeout: 10_000 })
      .toMatch(/^\d+$/)
      .then(() => readFile(pidFile, "utf8"));
    expect(await findBuild(places())).toEqual({ state: "building" });
    stop.abort();
    await expect(building).rejects.toBe(stop.signal.reason);
    expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
    expect(await readdir(cache)).toEqual([lockName]);
    expect(await findBuild(places())).toEqual({ state: "unbuilt" });
  } finally {
    await rm(pidFile, { force: true });
  }
});
