import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { canRunWith, isOnPath, isThere, type Requirement } from "./requirements.ts";

export interface Installer {
  /** Only root may install Debian's packages. */
  readonly isRoot: boolean;
  /** The folder into which programs are unpacked for a user who may not install them. */
  readonly unpackedInto: string;
  print(line: string): void;
  /** Asks a question on the terminal; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** The variable that answers the question whether to install. */
export const installVariable = "SLUICE_TEST_INSTALL";

/**
 * Says what is missing, and installs it where that is allowed. For root it installs Debian's packages. For every other
 * user it unpacks packages that work without installation.
 * @returns what is still missing
 */
export async function bringUp(
  needed: readonly Requirement[],
  installer: Installer = installerOfThisProcess(),
): Promise<Requirement[]> {
  process.env.PATH = [process.env.PATH, join(installer.unpackedInto, "usr/bin")].join(delimiter);
  const missing = needed.filter((requirement) => !isThere(requirement));
  if (missing.length > 0 && isOnPath("apt-get")) await bringIn(missing, installer);
  return missing.filter((requirement) => !canRunWith(requirement));
}

async function bringIn(missing: readonly Requirement[], installer: Installer): Promise<void> {
  if (installer.isRoot) {
    if (!(await mayInstall(missing, installer))) return;
    install(missing, installer);
  } else if (process.env[installVariable] === "no") {
    return;
  }
  for (const { unpackable, ...requirement } of missing) {
    if (unpackable !== undefined && !isThere(requirement)) unpack(unpackable, installer);
  }
}

async function mayInstall(missing: readonly Requirement[], { print, ask }: Installer): Promise<boolean> {
  print("The tests need programs that this machine lacks. They come with these Debian packages:");
  for (const { program, debianPackage } of missing) {
    print(`  ${debianPackage}${program === debianPackage ? "" : ` (for ${program})`}`);
  }
  for (const line of announceSizes(missing)) print(`  ${line}`);
  const answer = process.env[installVariable] ?? (await ask?.("Install them now? [Y/n] ")) ?? "";
  if (/^(y|yes)?$/i.test(answer.trim())) return true;
  if (/^(n|no)$/i.test(answer.trim())) {
    print("Nothing is installed. The last lines list the tests that did not run.");
    return false;
  }
  print(`${installVariable} must be yes or no, not "${answer.trim()}"; nothing is installed`);
  return false;
}

/** The lines in which apt announces the size of the packages and their dependencies. */
function announceSizes(missing: readonly Requirement[]): string[] {
  try {
    execFileSync("apt-get", ["update"], { stdio: "ignore", timeout: 60_000 });
    // With this flag apt-get asks, answers "no" by itself and exits with 1.
    execFileSync("apt-get", ["install", "--assume-no", "--no-install-recommends", ...packagesOf(missing)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return [];
  } catch (error) {
    const { stdout = "" } = error as { readonly stdout?: string };
    return stdout
      .split("\n")
      .filter((line) => /newly installed|^Need to get|additional disk space/.test(line))
      .map((line) => line.trim());
  }
}

function install(missing: readonly Requirement[], { print }: Installer): void {
  const packages = packagesOf(missing);
  print(`installing ${packages.join(", ")}`);
  try {
    execFileSync("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  } catch (error) {
    print(`they could not be installed: ${error instanceof Error ? error.message : error}`);
  }
}

function unpack(packages: readonly string[], { print, unpackedInto }: Installer): void {
  const folder = mkdtempSync(join(tmpdir(), "sluice-debian-"));
  try {
    execFileSync("apt-get", ["download", ...packages], { cwd: folder, stdio: "ignore" });
    mkdirSync(unpackedInto, { recursive: true });
    for (const name of readdirSync(folder)) execFileSync("dpkg-deb", ["--extract", join(folder, name), unpackedInto]);
    print(`unpacked ${packages.join(", ")} into ${unpackedInto}`);
  } catch (error) {
    print(`${packages.join(", ")} could not be unpacked: ${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function packagesOf(requirements: readonly Requirement[]): string[] {
  return [...new Set(requirements.map(({ debianPackage }) => debianPackage))];
}

function installerOfThisProcess(): Installer {
  return {
    isRoot: process.getuid?.() === 0,
    unpackedInto: fileURLToPath(new URL("../node_modules/.cache/debian/", import.meta.url)),
    print: (line) => console.log(line),
    ask: process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : undefined,
  };
}

async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
