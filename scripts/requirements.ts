import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that tests drive and that npm does not bring. */
export interface Requirement {
  readonly program: string;
  /** Debian's package that holds it. */
  readonly debianPackage: string;
  /** Environment variable that names another path to it. */
  readonly variable?: string;
  /** The vitest projects that can't run without it. */
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
  { program: "curl", debianPackage: "curl", projects: ["acceptance"] },
];

/** Installs what is missing where that can be done without asking (Debian, as root), and says what is missing still. */
export function bringUp(needed: readonly Requirement[]): Requirement[] {
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
  return needed.filter((requirement) => !isThere(requirement));
}

function isThere({ program, variable }: Requirement): boolean {
  const path = variable === undefined ? undefined : process.env[variable];
  return path ? isExecutable(path) : isOnPath(program);
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
