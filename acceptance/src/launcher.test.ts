import { execFile } from "node:child_process";
import { cp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { root } from "./harness/launch.ts";

const run = promisify(execFile);
const { version } = JSON.parse(await readFile(join(root, "packages/server/package.json"), "utf8"));

/** Copies the command's folder as it is before `npm run build`, with or without the sources of a checkout. */
function withoutBuild<Result>(sources: boolean, use: (folder: string) => Promise<Result>): Promise<Result> {
  return withTemporaryFolder(async (folder) => {
    await cp(join(root, "packages/server/bin"), join(folder, "bin"), { recursive: true });
    await cp(join(root, "packages/server/package.json"), join(folder, "package.json"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    if (sources) await cp(join(root, "packages/server/src"), join(folder, "src"), { recursive: true });
    return use(folder);
  });
}

const refusal = (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr });

test("without a build the command runs the sources", async () => {
  const { stdout } = await withoutBuild(true, (folder) =>
    run(process.execPath, [join(folder, "bin/sluice.js"), "--version"]),
  );
  expect(stdout).toBe(`${version}\n`);
});

test("a start keeps beside the program what it has compiled, for the next one", async () => {
  const folder = join(root, "packages/server/node_modules/.cache/compiled");
  await rm(folder, { recursive: true, force: true });
  const main = join(root, "packages/server/src/main.ts");
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
  await run(process.execPath, ["--conditions=sluice-source", main, "--version"], { env });
  expect(await readdir(folder)).not.toHaveLength(0);
});

test("a package without its compiled files says so in one line", async () => {
  const answer = await withoutBuild(false, (folder) =>
    run(process.execPath, [join(folder, "bin/sluice.js"), "--version"]).catch(refusal),
  );
  expect(answer).toEqual({
    code: 2,
    stderr: "sluice: this package is incomplete: dist/main.js is missing; install it again\n",
  });
});

test("a program that imports the server without a build is told to build it, with no stack", async () => {
  const { stderr } = await withoutBuild(true, async (folder) => {
    const program = join(folder, "program.mjs");
    await writeFile(program, `import { createSluice } from "sluice";\nawait createSluice();\n`);
    await writeFile(join(folder, "package.json"), await readFile(join(root, "packages/server/package.json")));
    return run(process.execPath, [program]).catch(refusal) as Promise<{ stderr: string }>;
  });
  expect(stderr).toContain("sluice: this checkout has no build to import; run `npm run build` in it and try again");
  expect(stderr).not.toContain("    at ");
});

describe("npm's scripts", () => {
  const script = join(root, "scripts/run.js");

  test("run a program with its own arguments", () =>
    withTemporaryFolder(async (folder) => {
      const program = join(folder, "program.ts");
      await writeFile(program, "console.log(JSON.stringify(process.argv.slice(1)) satisfies string);");
      const { stdout } = await run(process.execPath, [script, program, "serve", "--port"]);
      expect(JSON.parse(stdout)).toEqual([program, "serve", "--port"]);
    }));

  test("say in one line that a newer Node is missing, with no stack", () =>
    withTemporaryFolder(async (folder) => {
      const older = join(folder, "older.mjs");
      await writeFile(older, 'Object.defineProperty(process.versions, "node", { value: "20.1.0" });');
      const answer = await run(process.execPath, ["--import", older, script, "packages/server/src/main.ts"]).catch(
        refusal,
      );
      expect(answer).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^sluice: Node 24 is needed, this is 20\.1\.0; [^\n]+\n$/),
      });
    }));

  test.each(["start", "sluice", "test"])("%s is one of them", async (name) => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(scripts[name]).toContain("scripts/run.js");
  });
});
