import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";

// Reads the counters of Linux, because only they are the same for every measured program.

/** The length of one tick of /proc. USER_HZ is 100 on every Linux that Node runs on. */
const secondsPerTick = 0.01;
const bytesPerKib = 1024;

/** The pids of a process and of its descendants that still run. */
export function processFamily(pid: number): number[] {
  const children = (readOf(pid, `task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);
  return [pid, ...children.flatMap(processFamily)];
}

/**
 * The processor time that the processes have used so far, in seconds: user and system time of all their threads, and of
 * the processes that they have started and that have ended.
 */
export function processCpu(pids: readonly number[]): number {
  return sum(pids.map(cpuOf));
}

function cpuOf(pid: number): number {
  const stat = readOf(pid, "stat");
  // It has ended just now, and counts with the process that started it.
  if (stat === undefined) return 0;
  // The name in parentheses may contain anything, even spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return sum(fields.slice(11, 15).map(Number)) * secondsPerTick;
}

/** The time that a core has been busy so far with anything, in seconds. */
export function coreBusy(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, "m").exec(readFileSync("/proc/stat", "latin1"))?.[1];
  if (line === undefined) throw new Error(`there is no core ${core}`);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  return (user + nice + system + irq + softirq + steal) * secondsPerTick;
}

/** Resident memory of the processes in bytes: now, and the sum of each one's peak since its start or `restartCounts`. */
export function residentMemory(pids: readonly number[]): { readonly now: number; readonly peak: number } {
  const each = pids.map(memoryOf);
  return { now: sum(each.map(({ now }) => now)), peak: sum(each.map(({ peak }) => peak)) };
}

function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readOf(pid, "status");
  if (status === undefined) return { now: 0, peak: 0 };
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * bytesPerKib;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** @returns undefined for a process that has ended */
function readOf(pid: number, file: string): string | undefined {
  return unlessEnded(() => readFileSync(`/proc/${pid}/${file}`, "latin1"));
}

/** @returns undefined if the process of which `work` is has ended */
function unlessEnded<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

/** Makes Linux restart the process's peak of resident memory, and the process its count of the event loop's delay. */
export function restartCounts(pid: number): void {
  unlessEnded(() => {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    // A child that has just been started would die of the signal.
    if (catches(pid, constants.signals.SIGUSR2)) process.kill(pid, "SIGUSR2");
  });
}

function catches(pid: number, signal: number): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readOf(pid, "status") ?? "")?.[1] ?? "0";
  return ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
