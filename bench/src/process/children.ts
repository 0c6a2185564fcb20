import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** How long a process may take to end once it has been asked to. */
const patienceMs = 10_000;

export interface PinnedOptions {
  /** The cores that it may run on, all its threads. */
  readonly cores: readonly number[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** File descriptor for its standard error. */
  readonly errors: number;
  /** The Node that runs it; this one where none is given. */
  readonly node?: string | undefined;
}

export type PinnedProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Node with the arguments, tied to its cores. `taskset` becomes the program: the process id is its own. */
export function spawnPinned(
  args: readonly string[],
  { cores, cwd, environment, errors, node = process.execPath }: PinnedOptions,
): PinnedProcess {
  const child = spawn("taskset", ["--cpu-list", cores.join(), node, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...environment },
    stdio: ["pipe", "pipe", errors],
  });
  return child as PinnedProcess;
}

/** Resolves with the exit code; null when a signal ended it. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

/** SIGTERM, and SIGKILL for a process that does not go. */
export async function stop(child: ChildProcess): Promise<number | null> {
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  try {
    child.kill("SIGTERM");
    return await ended(child);
  } finally {
    clearTimeout(kill);
  }
}
