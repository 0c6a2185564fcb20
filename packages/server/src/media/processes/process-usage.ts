import { readFileSync } from "node:fs";

/** The bytes of a page of memory, and the ticks of a second, on every Linux that Node runs on. */
const pageBytes = 4096;
const ticksPerSecond = 100;

/** The resident memory of a process in bytes; undefined where the system doesn't tell it. */
export function residentBytes(pid: number): number | undefined {
  const pages = procFile(pid, "statm")?.split(" ")[1];
  return pages === undefined ? undefined : Number(pages) * pageBytes;
}

/** The processor time that a process has taken, in milliseconds; undefined where the system doesn't tell it. */
export function processorMs(pid: number): number | undefined {
  const stat = procFile(pid, "stat");
  // The name of the program stands in parentheses, and may have any characters in it.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields === undefined) return undefined;
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return undefined;
  }
}
