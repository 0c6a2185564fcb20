import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

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
  { program: "curl", debianPackage: "curl", projects: ["acceptance", "acceptance-workers", "acceptance-browser"] },
  { program: "strace", debianPackage: "strace", projects: [] },
  { program: "clamd", debianPackage: "clamav-daemon", find: () => findProgram("clamd", "/usr/sbin"), projects: [] },
  { program: "faketime", debianPackage: "faketime", unpackable: ["faketime", "libfaketime"], projects: [] },
];

export function isThere({ program, variable, find }: Requirement): boolean {
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

export function isOnPath(program: string): boolean {
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
