import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The pids of the process's descendants. */
export function descendantsOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const children = new Map<number, number[]>();
  for (const line of table.trim().split("\n")) {
    const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const collect = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...collect(child)]);
  return collect(pid);
}

/** Whether a process decodes pictures or is a tool of videos, and not one that answers requests. */
export function isOfMedia(pid: number): boolean {
  try {
    return /child-main|video-program|^(?:unshare|setpriv|ffmpeg|ffprobe)\0/.test(
      readFileSync(`/proc/${pid}/cmdline`, "latin1"),
    );
  } catch {
    // It has ended meanwhile, which no process that answers requests does.
    return true;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills the processes that a failed test would leave behind. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
}

/** The pids of the processes that encode videos for this one. */
export function encodersOf(pid: number): number[] {
  return descendantsOf(pid).filter((child) => /^ffmpeg\0.*-progress\0/s.test(commandOf(child)));
}

/** The command line of a process; empty for one that has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
