import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** A program of util-linux, which every Debian has. */
const setpriv = "/usr/bin/setpriv";

export interface DaemonOptions extends Pick<SpawnOptions, "cwd" | "stdio" | "uid" | "gid"> {
  /** The signal that ends the program when the thread that started it is gone, for whatever reason. */
  readonly whenOrphaned: "INT" | "KILL";
}

/**
 * Starts a program that stays in the foreground, in its own process group. A terminal's Ctrl-C must reach only the
 * tests, which still need the program while they end. Call this from a thread that lives as long as the program is
 * needed.
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
