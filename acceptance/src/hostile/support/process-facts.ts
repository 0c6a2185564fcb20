import { readdir, readFile, readlink } from "node:fs/promises";
import { descendantsOf } from "../../harness/processes.ts";

interface Server {
  readonly process: { readonly pid?: number | undefined };
}

/** The targets of the open descriptors of the server's processes: paths, and names such as `socket:[1]`. */
export async function openDescriptors(server: Server): Promise<string[]> {
  const targets = await Promise.all(pidsOf(server).map(descriptorsOf));
  return targets.flat();
}

export async function openSockets(server: Server): Promise<number> {
  return (await openDescriptors(server)).filter((target) => target.startsWith("socket:")).length;
}

/** Resident memory of all of the server's processes, in bytes: the sum of their peaks, and the current sum. */
export async function residentMemory(server: Server): Promise<{ readonly peak: number; readonly now: number }> {
  const each = await Promise.all(pidsOf(server).map(memoryOf));
  const sum = (of: (memory: { peak: number; now: number }) => number) =>
    each.reduce((all, memory) => all + of(memory), 0);
  return { peak: sum(({ peak }) => peak), now: sum(({ now }) => now) };
}

/** The processor time of all processes that the server has at present, in seconds. It shrinks where one has ended. */
export async function processorSeconds(server: Server): Promise<number> {
  const each = await Promise.all(pidsOf(server).map(ticksOf));
  return each.reduce((all, ticks) => all + ticks, 0) / ticksPerSecond;
}

/** Linux counts in hundredths of a second, whatever the processor. */
const ticksPerSecond = 100;

function pidsOf({ process: { pid } }: Server): number[] {
  if (pid === undefined) throw new Error("the server has no process");
  return [pid, ...descendantsOf(pid)];
}

async function descriptorsOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const targets = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined));
  return (await Promise.all(targets)).filter((target) => target !== undefined);
}

async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name of the program, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** A process that was ended, such as one that drew for too long, holds nothing any more. */
async function memoryOf(pid: number): Promise<{ readonly peak: number; readonly now: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return { peak: kibibytes("VmHWM") * 1024, now: kibibytes("VmRSS") * 1024 };
}
