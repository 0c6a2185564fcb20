import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** The time that a process may take to end after SIGTERM. */
const patienceMs = 10_000;

export interface PinnedOptions {
  /** The cores that the process may run on, with all its threads. */
  readonly cores: readonly number[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The file descriptor for the process's standard error. */
  readonly errors: number;
  /** The Node executable; this process's own by default. */
  readonly node?: string | undefined;
}

export type PinnedProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Starts Node with the arguments, pinned to its cores. `taskset` becomes the program, so the process id is Node's. */
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

/** Sends SIGTERM, and SIGKILL to a process that does not end. */
export async function stop(child: ChildProcess): Promise<number | null> {
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  try {
    child.kill("SIGTERM");
    return await ended(child);
  } finally {
    clearTimeout(kill);
  }
}
