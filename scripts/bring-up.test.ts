import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringUp, type Installer } from "./bring-up.ts";
import { canRunWith, type Requirement } from "./requirements.ts";

const requirement: Requirement = { program: "frobnicate", debianPackage: "frobnicator", projects: ["unit"] };

let folder = "";
let printed: string[] = [];
const { PATH: path, SLUICE_TEST_INSTALL: answer } = process.env;

/** A fake apt-get that records its arguments, prints sizes and "installs" the program. */
const aptGet = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/calls"
case "$*" in
  *--assume-no*) printf '0 upgraded, 2 newly installed, 0 to remove\\nNeed to get 98.4 MB of archives.\\n'; exit 1 ;;
  *--yes*) printf '#!/bin/sh\\n' > "$here/frobnicate"; chmod +x "$here/frobnicate" ;;
esac
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bring-up-"));
  printed = [];
  await writeFile(join(folder, "apt-get"), aptGet);
  await chmod(join(folder, "apt-get"), 0o755);
  process.env.PATH = `${folder}:/usr/bin:/bin`;
  delete process.env.SLUICE_TEST_INSTALL;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  process.env.PATH = path;
  if (answer === undefined) delete process.env.SLUICE_TEST_INSTALL;
  else process.env.SLUICE_TEST_INSTALL = answer;
  await rm(folder, { recursive: true, force: true });
});

function installer(options: Partial<Installer> = {}): Installer {
  return {
    isRoot: true,
    unpackedInto: join(folder, "unpacked"),
    print: (line) => void printed.push(line),
    ask: undefined,
    ...options,
  };
}

const calls = (): Promise<string> => readFile(join(folder, "calls"), "utf8").catch(() => "");

test("what is about to be installed is named with its size before it is installed", async () => {
  expect(await bringUp([requirement], installer())).toEqual([]);
  expect(printed.slice(1)).toEqual([
    "  frobnicator (for frobnicate)",
    "  0 upgraded, 2 newly installed, 0 to remove",
    "  Need to get 98.4 MB of archives.",
    "installing frobnicator",
  ]);
});

test("the user on a terminal decides", async () => {
  const questions: string[] = [];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    return "n";
  };
  expect(await bringUp([requirement], installer({ ask }))).toEqual([requirement]);
  expect(questions).toEqual(["Install them now? [Y/n] "]);
  expect(await calls()).not.toContain("--yes");
});

test("SLUICE_TEST_INSTALL answers in place of the user", async () => {
  const ask = (): Promise<string> => Promise.reject(new Error("asked"));
  process.env.SLUICE_TEST_INSTALL = "no";
  expect(await bringUp([requirement], installer({ ask }))).toEqual([requirement]);
  process.env.SLUICE_TEST_INSTALL = "yes";
  expect(await bringUp([requirement], installer({ ask }))).toEqual([]);
});

test("any other answer installs nothing and is named", async () => {
  process.env.SLUICE_TEST_INSTALL = "maybe";
  expect(await bringUp([requirement], installer())).toEqual([requirement]);
  expect(printed.at(-1)).toBe('SLUICE_TEST_INSTALL must be yes or no, not "maybe"; nothing is installed');
});

test("nothing is asked or installed when everything is there, or for a user who is not root", async () => {
  const present: Requirement = { program: "sh", debianPackage: "dash", projects: [] };
  expect(await bringUp([present], installer())).toEqual([]);
  expect(await bringUp([requirement], installer({ isRoot: false }))).toEqual([requirement]);
  expect(printed).toEqual([]);
  expect(await calls()).toBe("");
});

test("what has a stand-in is installed where that is allowed, and missed nowhere", async () => {
  const quicker: Requirement = { ...requirement, standIn: "sh" };
  expect(await bringUp([quicker], installer({ isRoot: false }))).toEqual([]);
  process.env.SLUICE_TEST_INSTALL = "no";
  expect(await bringUp([quicker], installer())).toEqual([]);
  expect(await calls()).not.toContain("--yes");
  process.env.SLUICE_TEST_INSTALL = "yes";
  expect(await bringUp([quicker], installer())).toEqual([]);
  expect(await calls()).toContain("--yes");
  const without: Requirement = { ...requirement, program: "no-such-program", standIn: "no-such-program-either" };
  expect(await bringUp([without], installer())).toEqual([without]);
});

test("a stand-in doesn't help where the variable names a program that isn't there", async () => {
  const named: Requirement = { ...requirement, standIn: "sh", variable: "SLUICE_TEST_PROGRAM" };
  vi.stubEnv("SLUICE_TEST_PROGRAM", "/no/such/program");
  expect(canRunWith(named)).toBe(false);
  vi.stubEnv("SLUICE_TEST_PROGRAM", "");
  expect(canRunWith(named)).toBe(true);
});
