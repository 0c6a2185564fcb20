import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { releasedChangelog } from "./changelog.ts";
import { packAll } from "./pack.ts";
import { publishedPackages, root } from "./packages.ts";
import { release } from "./release.ts";
import { listMaterials } from "./sbom.ts";
import { isAfter, setVersion } from "./versions.ts";

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "sluice-release-"));
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

const git = (...args: string[]) => execFileSync("git", args, { cwd: repository, encoding: "utf8" }).trim();
const read = (file: string) => readFileSync(join(repository, file), "utf8");
function write(file: string, content: string | object): void {
  mkdirSync(dirname(join(repository, file)), { recursive: true });
  const text = typeof content === "string" ? content : `${JSON.stringify(content, undefined, 2)}\n`;
  writeFileSync(join(repository, file), text);
}

/** A repository like this one, with two packages that need no build. */
function makeSmallRepository(): void {
  const token = { name: "@sluice/token", version: "0.1.0", files: ["index.js"] };
  const server = { name: "sluice", version: "0.1.0", files: ["index.js"], dependencies: { "@sluice/token": "0.1.0" } };
  const app = { name: "app", version: "0.0.0", private: true, dependencies: { "@sluice/token": "0.1.0" } };
  const workspaces = { "packages/server": server, "packages/token": token, "examples/app": app };
  const whole = { name: "workspace", version: "0.1.0", private: true, workspaces: Object.keys(workspaces) };
  write("package.json", whole);
  for (const [folder, manifest] of Object.entries(workspaces)) {
    write(`${folder}/package.json`, manifest);
    write(`${folder}/index.js`, "export {};\n");
  }
  write("package-lock.json", { name: "workspace", version: "0.1.0", packages: { "": whole, ...workspaces } });
  const linked = { "../../packages/server": server, "node_modules/other": { version: "0.1.0" } };
  write("examples/alone/package-lock.json", { name: "alone", version: "0.0.0", packages: linked });
  write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- All is new.\n");
  write("scripts/upgrade/released.json", {});
  write(".gitignore", "/release/\n");
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Somebody");
  git("config", "user.email", "somebody@example.com");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
}

const told: string[] = [];
const options = (version: string) => ({
  repository,
  version,
  date: "2026-11-29",
  build: async () => undefined,
  listMaterials: async () => "{}",
  keepDatabases: async (kept: string) => write(`scripts/upgrade/kept/${kept}.sqlite.gz`, "rows"),
  tell: (line: string) => void told.push(line),
});

describe("a release", () => {
  beforeEach(makeSmallRepository);

  test("gives all packages one version, is tagged and recorded, and says how to publish it in order", async () => {
    await release(options("0.2.0"));
    expect(git("status", "--porcelain")).toBe("");
    const tagged = git("rev-parse", "v0.2.0^{commit}");
    expect(git("rev-parse", "HEAD~1")).toBe(tagged);
    expect(JSON.parse(read("scripts/upgrade/released.json"))).toEqual({ "0.2.0": tagged });
    const recorded = ["scripts/upgrade/kept/0.2.0.sqlite.gz", "scripts/upgrade/released.json"];
    expect(git("show", "--name-only", "--format=", "HEAD").split("\n")).toEqual(recorded);
    expect(JSON.parse(read("packages/server/package.json"))).toMatchObject({
      version: "0.2.0",
      dependencies: { "@sluice/token": "0.2.0" },
    });
    expect(JSON.parse(read("examples/app/package.json"))).toMatchObject({
      version: "0.0.0",
      dependencies: { "@sluice/token": "0.2.0" },
    });
    expect(read("package-lock.json")).not.toContain("0.1.0");
    expect(JSON.parse(read("examples/alone/package-lock.json")).packages).toMatchObject({
      "../../packages/server": { version: "0.2.0", dependencies: { "@sluice/token": "0.2.0" } },
      "node_modules/other": { version: "0.1.0" },
    });
    expect(read("CHANGELOG.md")).toBe("# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-11-29)\n\n- All is new.\n");
    const made = ["sluice-0.2.0.cdx.json", "sluice-0.2.0.tgz", "sluice-token-0.2.0.tgz"];
    expect(readdirSync(join(repository, "release/0.2.0")).sort()).toEqual(made);
    const publishing = told.filter((line) => line.includes("npm publish"));
    expect(publishing.map((line) => line.slice(line.lastIndexOf("/") + 1))).toEqual([
      "sluice-token-0.2.0.tgz",
      "sluice-0.2.0.tgz",
    ]);
  });

  test.each([
    ["with changes that are not committed", "0.2.0", () => write("packages/token/index.js", "1;"), "has changes"],
    ["of an earlier version", "0.0.9", () => undefined, "does not come after 0.1.0"],
    ["whose tag is there", "0.2.0", () => void git("tag", "v0.2.0"), "the tag v0.2.0 is there already"],
    [
      "of which the changelog says nothing",
      "0.2.0",
      () => {
        write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-11-01)\n\n- All is new.\n");
        git("commit", "--quiet", "--all", "--message", "Empty");
      },
      "say what 0.2.0 changes",
    ],
  ])("%s is refused, and changes nothing", async (_, version, prepare, problem) => {
    prepare();
    const [head, status] = [git("rev-parse", "HEAD"), git("status", "--porcelain")];
    await expect(release(options(version))).rejects.toThrow(problem);
    expect([git("rev-parse", "HEAD"), git("status", "--porcelain")]).toEqual([head, status]);
  });

  const noDatabases = {
    async keepDatabases() {
      write("scripts/upgrade/kept/0.2.0.sqlite.gz", "rows");
      throw new Error("no PostgreSQL");
    },
  };
  const noBuild = { build: () => Promise.reject(new Error("no build")) };
  const isNoJson = () => {
    write("scripts/upgrade/released.json", "no JSON");
    git("commit", "--quiet", "--all", "--message", "Break");
  };
  test.each([
    ["while it is built", () => undefined, noBuild, "no build"],
    // Git keeps tags as files, so this one leaves no place for the release's.
    ["while it is tagged", () => void git("tag", "v0.2.0/other"), {}, "v0.2.0"],
    ["while it is recorded", isNoJson, {}, "JSON"],
    ["while its databases are made", () => undefined, noDatabases, "no PostgreSQL"],
  ])("that fails %s leaves the branch, the tags and the tree as they were", async (_, prepare, changed, problem) => {
    prepare();
    const state = () => [
      git("rev-parse", "HEAD"),
      git("branch", "--show-current"),
      git("status", "--porcelain"),
      git("tag"),
    ];
    const before = state();
    await expect(release({ ...options("0.2.0"), ...changed })).rejects.toThrow(problem);
    expect(state()).toEqual(before);
  });
});

describe("packing", () => {
  const packed = (): string[] => readdirSync(join(repository, "release")).sort();
  beforeEach(async () => {
    makeSmallRepository();
    await packAll(join(repository, "release"), repository);
  });

  test("replaces the tarballs of before, and leaves nothing else", async () => {
    const before = read("release/sluice-0.1.0.tgz");
    write("packages/server/index.js", "export const changed = true;\n");
    await packAll(join(repository, "release"), repository);
    expect(packed()).toEqual(["sluice-0.1.0.tgz", "sluice-token-0.1.0.tgz"]);
    expect(read("release/sluice-0.1.0.tgz")).not.toBe(before);
  });

  test.each([
    [
      "a package without its build",
      { exports: { ".": { default: "./dist/index.js" } } },
      "sluice has no dist/index.js: run npm run build",
    ],
    [
      "a package that can't be carried",
      { dependencies: { "@sluice/token": "0.1.0", jose: "1.0.0" } },
      "jose is wanted as",
    ],
  ])("that fails for %s changes nothing", async (_, changed, problem) => {
    const tarballs = () => packed().map((name) => [name, read(`release/${name}`)]);
    const before = tarballs();
    const ofToken = JSON.parse(read("packages/token/package.json"));
    write("packages/token/package.json", { ...ofToken, dependencies: { jose: "2.0.0" } });
    write("packages/server/package.json", { ...JSON.parse(read("packages/server/package.json")), ...changed });
    await expect(packAll(join(repository, "release"), repository)).rejects.toThrow(problem);
    expect(tarballs()).toEqual(before);
  });
});

test("this repository's manifests keep their layout under a new version, and all packages have one version", async () => {
  const files = [
    "package.json",
    "package-lock.json",
    ...publishedPackages().map(({ folder }) => `${folder}/package.json`),
  ];
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const folders = Object.keys(lock.packages).filter((path) => path !== "" && !path.split("/").includes("node_modules"));
  for (const file of new Set([...files, ...folders.map((folder) => `${folder}/package.json`)])) {
    write(file, readFileSync(join(root, file), "utf8"));
  }
  const { version } = JSON.parse(read("package.json"));
  expect(new Set(publishedPackages().map(({ manifest }) => manifest.version))).toEqual(new Set([version]));
  await setVersion(repository, version);
  for (const file of files) expect(read(file), file).toBe(readFileSync(join(root, file), "utf8"));
  await setVersion(repository, "9.8.7");
  expect(JSON.parse(read("packages/client/package.json"))).toMatchObject({
    version: "9.8.7",
    dependencies: { "@sluice/token": "9.8.7", "tus-js-client": "4.3.1" },
  });
  expect(JSON.parse(read("packages/server/package.json")).peerDependencies).toMatchObject({
    "@sluice/auto-tagging": "9.8.7",
    "@sluice/pages": "9.8.7",
    "@sluice/fonts": "9.8.7",
    "@sluice/video": "9.8.7",
  });
});

test("the list of materials names what is built into the server, the console and the documentation", async () => {
  const { components }: { readonly components: readonly { readonly name: string }[] } = JSON.parse(
    await listMaterials(),
  );
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["fastify", "@scalar/fastify-api-reference", "react", "minisearch"]));
});

test("packages are published after those that they depend on", () => {
  const names = publishedPackages().map(({ manifest }) => manifest.name);
  expect(names.indexOf("@sluice/token")).toBeLessThan(names.indexOf("@sluice/client"));
  expect(names.at(-1)).toBe("sluice");
  expect(names).not.toContain("@sluice/console");
});

test("versions are compared by their numbers", () => {
  expect([isAfter("0.10.0", "0.9.9"), isAfter("1.0.0", "0.9.9"), isAfter("0.2.0", "0.2.0")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(() => isAfter("1.0.0-rc.1", "0.1.0")).toThrow("is no version such as 1.2.3");
});

test("only what is unreleased becomes the section of a version", () => {
  const text = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0 (2026-11-01)\n\n- Old.\n";
  expect(releasedChangelog(text, "0.2.0", "2026-12-01")).toBe(
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- New.\n\n## 0.1.0 (2026-11-01)\n\n- Old.\n",
  );
  expect(() => releasedChangelog(text, "0.1.0", "2026-12-01")).toThrow("has a section of 0.1.0 already");
});
