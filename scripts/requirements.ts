import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A program that tests drive and that npm does not bring. */
export interface Requirement {
  readonly program: string;
  /** Debian's package that holds it. */
  readonly debianPackage: string;
  /** Environment variable that names another path to it. */
  readonly variable?: string;
  /** Where it is not looked for on the path: finds it. */
  readonly find?: () => string | undefined;
  /** Debian's packages that work where they are merely unpacked, for whoever may not install. */
  readonly unpackable?: readonly string[];
  /** The vitest projects that can't run without it. Tests of others that need it skip themselves, or fail where CI=true. */
  readonly projects: readonly string[];
}

export const requirements: readonly Requirement[] = [
  {
    program: "chromium",
    debianPackage: "chromium",
    variable: "CHROMIUM_PATH",
    projects: ["browser", "acceptance-browser"],
  },
  { program: "openssl", debianPackage: "openssl", projects: ["acceptance-browser"] },
  { program: "curl", debianPackage: "curl", projects: ["acceptance", "acceptance-browser"] },
  { program: "strace", debianPackage: "strace", projects: [] },
  { program: "clamd", debianPackage: "clamav-daemon", find: () => findProgram("clamd", "/usr/sbin"), projects: [] },
  { program: "faketime", debianPackage: "faketime", unpackable: ["faketime", "libfaketime"], projects: [] },
];

const unpackedInto = fileURLToPath(new URL("../node_modules/.cache/debian/", import.meta.url));

/** Installs what is missing where that can be done without asking (Debian, as root), and says what is missing still. */
export function bringUp(needed: readonly Requirement[]): Requirement[] {
  process.env.PATH = [process.env.PATH, join(unpackedInto, "usr/bin")].join(delimiter);
  const missing = needed.filter((requirement) => !isThere(requirement));
  if (missing.length > 0 && process.getuid?.() === 0 && isOnPath("apt-get")) {
    const packages = missing.map(({ debianPackage }) => debianPackage);
    console.log(`installing ${packages.join(", ")}`);
    try {
      execFileSync("apt-get", ["update"], { stdio: "ignore" });
      execFileSync("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    } catch (error) {
      console.log(`they could not be installed: ${error instanceof Error ? error.message : error}`);
    }
  }
  for (const requirement of needed) {
    if (requirement.unpackable !== undefined && !isThere(requirement)) unpack(requirement.unpackable);
  }
  return needed.filter((requirement) => !isThere(requirement));
}

function unpack(packages: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "sluice-debian-"));
  try {
    execFileSync("apt-get", ["download", ...packages], { cwd: folder, stdio: "ignore" });
    mkdirSync(unpackedInto, { recursive: true });
    for (const name of readdirSync(folder)) execFileSync("dpkg-deb", ["--extract", join(folder, name), unpackedInto]);
    console.log(`unpacked ${packages.join(", ")} into ${unpackedInto}`);
  } catch (error) {
    console.log(`${packages.join(", ")} could not be unpacked: ${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isThere({ program, variable, find }: Requirement): boolean {
  if (find !== undefined) return find() !== undefined;
  const path = variable === undefined ? undefined : process.env[variable];
  return path ? isExecutable(path) : isOnPath(program);
}

/** Debian keeps what only a system's owner starts where the path of others may not lead. */
function findProgram(program: string, ...folders: readonly string[]): string | undefined {
  return [...(process.env.PATH ?? "").split(delimiter), ...folders]
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
