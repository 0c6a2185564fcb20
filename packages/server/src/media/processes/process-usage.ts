import { readdirSync, readFileSync } from "node:fs";

/** The bytes of a page of memory, and the ticks of a second, on every Linux that Node runs on. */
const pageBytes = 4096;
const ticksPerSecond = 100;

/** The resident memory of a process in bytes; undefined where the system doesn't tell it. */
export function residentBytes(pid: number): number | undefined {
  const pages = procFile(pid, "statm")?.split(" ")[1];
  return pages === undefined ? undefined : Number(pages) * pageBytes;
}

/**
 * The processor time that a process has taken, with those that it has started and that have ended, in milliseconds.
 * Undefined where the system doesn't tell it.
 */
export function processorMs(pid: number): number | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : msOf(stat.slice(11, 15));
}

/** The processor time of those processes that a process leads and that are still there, in milliseconds. */
export function processorMsOfFollowers(leader: number): number {
  const ids = idsOfAll();
  const followers = ids.filter((id) => Number.isInteger(id) && id !== leader);
  return followers.reduce((sum, id) => {
    const stat = statOf(id);
    return stat?.[2] === String(leader) ? sum + msOf(stat.slice(11, 15)) : sum;
  }, 0);
}

function idsOfAll(): number[] {
  try {
    return readdirSync("/proc").map(Number);
  } catch {
    return [];
  }
}

/** The fields of a process from its state on. */
function statOf(pid: number): string[] | undefined {
  const stat = procFile(pid, "stat");
  // The name of the program stands in parentheses, and may have any characters in it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function msOf(ticks: readonly string[]): number {
  return (ticks.reduce((sum, count) => sum + Number(count), 0) * 1000) / ticksPerSecond;
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return undefined;
  }
}
