import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A way in which the system keeps a process that decodes away from everything else. */
export interface Sandbox {
  readonly name: "no-network" | "no-privileges" | "none";
  /** The command that runs the program behind it. */
  readonly command: readonly string[];
}

/** The process dies with the one that started it, and nothing that it runs gets rights that it doesn't have. */
const unprivileged = ["setpriv", "--no-new-privs", "--pdeathsig", "KILL"];

/**
 * The sandboxes from the strictest to none. A network namespace of its own has no network. Making one takes a user
 * namespace, or root's rights.
 */
const sandboxes: readonly Sandbox[] = [
  // The signal comes last: becoming another user in a namespace takes it back.
  { name: "no-network", command: ["unshare", "--user", "--map-current-user", "--net", ...unprivileged] },
  { name: "no-network", command: ["unshare", "--net", ...unprivileged] },
  { name: "no-privileges", command: unprivileged },
];

const none: Sandbox = { name: "none", command: [] };

/** Tries which sandbox the system allows. Containers and services may forbid namespaces, and other systems have none. */
export async function findSandbox(): Promise<Sandbox> {
  if (process.platform !== "linux") return none;
  for (const sandbox of sandboxes) {
    const [program = "", ...args] = sandbox.command;
    const works = await run(program, [...args, "true"], { timeout: 5000, env: searchPath() }).then(
      () => true,
      () => false,
    );
    if (works) return sandbox;
  }
  return none;
}

/** The one variable that finding programs takes. */
export function searchPath(): NodeJS.ProcessEnv {
  return process.env.PATH === undefined ? {} : { PATH: process.env.PATH };
}

const run = promisify(execFile);
