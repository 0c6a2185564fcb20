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

/** A busy machine gets this time for each try. */
const tryMs = 5000;
const maxTries = 3;
/** The system has had no room for another process. */
const noRoom = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE"]);

export interface SandboxSearch {
  readonly candidates?: readonly Sandbox[];
  readonly timeoutMs?: number;
}

/** Tries once which sandbox the system allows. Containers and services may forbid namespaces, and other systems have none. */
export class SandboxProbe {
  readonly #search: SandboxSearch;
  #found: Promise<Sandbox> | undefined;

  constructor(search: SandboxSearch = {}) {
    this.#search = search;
  }

  /** @throws an error where the machine was too busy to tell. It is then tried again with the next call. */
  find(): Promise<Sandbox> {
    this.#found ??= findSandbox(this.#search).catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }
}

async function findSandbox({ candidates = sandboxes, timeoutMs = tryMs }: SandboxSearch): Promise<Sandbox> {
  if (process.platform !== "linux") return none;
  for (const sandbox of candidates) if (await isAllowed(sandbox, timeoutMs)) return sandbox;
  return none;
}

/** A machine that is busy must not get a weaker sandbox for ever, so a try without an answer tells nothing. */
async function isAllowed({ command }: Sandbox, timeoutMs: number): Promise<boolean> {
  const [program = "", ...args] = command;
  for (let tries = 1; ; tries += 1) {
    try {
      await run(program, [...args, "true"], { timeout: timeoutMs, killSignal: "SIGKILL", env: searchPath() });
      return true;
    } catch (error) {
      const { killed, code } = error as { readonly killed?: boolean; readonly code?: unknown };
      if (killed !== true && !noRoom.has(String(code))) return false;
      if (tries === maxTries) throw error;
    }
  }
}

/** The one variable that finding programs takes. */
export function searchPath(): NodeJS.ProcessEnv {
  return process.env.PATH === undefined ? {} : { PATH: process.env.PATH };
}

const run = promisify(execFile);
