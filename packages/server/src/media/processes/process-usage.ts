import { readdirSync, readFileSync } from "node:fs";
import { endianness } from "node:os";

/** The units in which the system counts memory and processor time. */
export interface SystemUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** The keys of these facts in what the kernel tells each program. */
const pageSizeKey = 6;
const ticksKey = 17;

/** @param facts the content of `/proc/self/auxv`: pairs of a key and a value */
export function unitsIn(facts: Buffer): SystemUnits {
  const wordAt = (at: number): number =>
    Number(endianness() === "LE" ? facts.readBigUInt64LE(at) : facts.readBigUInt64BE(at));
  const known = new Map<number, number>();
  for (let at = 0; at + 16 <= facts.length; at += 16) known.set(wordAt(at), wordAt(at + 8));
  return { pageBytes: known.get(pageSizeKey) ?? 4096, ticksPerSecond: known.get(ticksKey) ?? 100 };
}

const { pageBytes, ticksPerSecond } = unitsIn(procFile("self", "auxv") ?? Buffer.alloc(0));

/** The resident memory of a process in bytes; undefined where the system doesn't tell it. */
export function residentBytes(pid: number): number | undefined {
  const pages = procFile(pid, "statm")?.toString("latin1").split(" ")[1];
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
  const stat = procFile(pid, "stat")?.toString("latin1");
  // The name of the program stands in parentheses, and may have any characters in it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function msOf(ticks: readonly string[]): number {
  return (ticks.reduce((sum, count) => sum + Number(count), 0) * 1000) / ticksPerSecond;
}

function procFile(pid: number | "self", name: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}
