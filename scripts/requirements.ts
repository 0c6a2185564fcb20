import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that tests need and that npm does not install. */
export interface Requirement {
  readonly program: string;
  /** The Debian package that contains the program. */
  readonly debianPackage: string;
  /** A program that does the same at a higher cost, where this one can't be had. */
  readonly standIn?: string;
  /** An environment variable that can name another path to the program. */
  readonly variable?: string;
  /** Finds the program, where the search on the path isn't enough. */
  readonly find?: () => string | undefined;
  /** Debian packages that work when merely unpacked, for a user who may not install. */
  readonly unpackable?: readonly string[];
  /** The vitest projects that can't run without it. Elsewhere, tests that need it skip or, where CI=true, fail. */
  readonly projects: readonly string[];
}

export const requirements: readonly Requirement[] = [
  {
    // Also Chromium, in a quarter of the processor time.
    program: "chromium-headless-shell",
    debianPackage: "chromium-headless-shell",
    standIn: "chromium",
    variable: "CHROMIUM_PATH",
    projects: ["browser", "acceptance-browser", "soak-browser", "acceptance-console-cluster", "proof"],
  },
  { program: "openssl", debianPackage: "openssl", projects: ["unit", "soak-browser"] },
  { program: "curl", debianPackage: "curl", projects: ["acceptance", "acceptance-workers", "soak-browser"] },
  { program: "ffmpeg", debianPackage: "ffmpeg", projects: [] },
  { program: "sqlite3", debianPackage: "sqlite3", projects: [] },
  { program: "strace", debianPackage: "strace", projects: [] },
  { program: "clamd", debianPackage: "clamav-daemon", find: () => findProgram("clamd", "/usr/sbin"), projects: [] },
  { program: "faketime", debianPackage: "faketime", unpackable: ["faketime", "libfaketime"], projects: [] },
];

/** Proxies that only the soak drives. Debian's packages start them as services. */
export const proxies: readonly Requirement[] = [
  {
    program: "nginx",
    debianPackage: "nginx-light",
    find: () => findProgram("nginx", "/usr/sbin"),
    projects: [],
  },
  { program: "caddy", debianPackage: "caddy", projects: [] },
];

export function isThere({ program, variable, find }: Requirement): boolean {
  if (find !== undefined) return find() !== undefined;
  const path = variable === undefined ? undefined : process.env[variable];
  return path ? isExecutable(path) : isOnPath(program);
}

/**
 * Whether the tests can run: with the program itself or with its stand-in. Where the variable names a program, the tests
 * start that one, so the stand-in doesn't help.
 */
export function canRunWith(requirement: Requirement): boolean {
  const { standIn, variable } = requirement;
  const isNamed = variable !== undefined && Boolean(process.env[variable]);
  return isThere(requirement) || (!isNamed && standIn !== undefined && isOnPath(standIn));
}

/** Also searches the given folders, because Debian keeps system programs in folders that a user's path may lack. */
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
