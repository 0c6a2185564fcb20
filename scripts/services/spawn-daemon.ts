import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Of util-linux, which every Debian has. */
const setpriv = "/usr/bin/setpriv";

export interface DaemonOptions extends Pick<SpawnOptions, "cwd" | "stdio" | "uid" | "gid"> {
  /** What ends it when the thread that has started it is gone, however that came about. */
  readonly whenOrphaned: "INT" | "KILL";
}

/**
 * Starts a program that stays in the foreground, in a group of its own: a terminal's Ctrl-C is for the tests, which
 * still need it while they end. To be called from a thread that lives as long as the program is needed.
 */
export function spawnDaemon(
  program: string,
  args: readonly string[],
  { whenOrphaned, ...options }: DaemonOptions,
): ChildProcess {
  const inGroup = { ...options, detached: true };
  if (!existsSync(setpriv)) return spawn(program, args, inGroup);
  return spawn(setpriv, [`--pdeathsig=${whenOrphaned}`, "--", program, ...args], inGroup);
}
