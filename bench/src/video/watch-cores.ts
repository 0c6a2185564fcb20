import type { Disturbed } from "../calmly.ts";
import { coreBusy, processCpu, processFamily, residentMemory, restartCounts } from "../process/procfs.ts";

/** What was used during a stretch. Times are in seconds, and memory in bytes. */
export interface CoresUsage extends Disturbed {
  /** The processor time of the server and of all processes that it has started. */
  readonly cpu: number;
  /** Resident memory of the server's own process. */
  readonly memory: { readonly before: number; readonly peak: number };
}

/** Measures what a server and others use of the cores during `run`. Others' time is that of a core, at the mean. */
export async function watchCores<Result>(
  { pid, cores }: { readonly pid: number; readonly cores: readonly number[] },
  run: () => Promise<Result>,
): Promise<readonly [Result, CoresUsage]> {
  const family = processFamily(pid);
  const before = residentMemory([pid]).now;
  for (const each of family) restartCounts(each);
  const cpuBefore = processCpu(family);
  const watch = watchOthers(cores);
  const result = await run();
  const lasting = processFamily(pid);
  const cpu = processCpu(lasting) - cpuBefore;
  const peak = Math.max(before, residentMemory([pid]).peak);
  return [result, { cpu, ...watch(cpu), memory: { before, peak } }];
}

/** Measures from now on what others take of the cores. @returns the end of it, which is told what doesn't count as others */
export function watchOthers(cores: readonly number[]): (cpu: number) => Disturbed {
  const all = [...new Set(cores)];
  const busy = (): number => all.reduce((total, core) => total + coreBusy(core), 0);
  const began = performance.now();
  const [busyBefore, ownBefore] = [busy(), process.cpuUsage()];
  return (cpu) => {
    const { user, system } = process.cpuUsage(ownBefore);
    const othersCpu = Math.max(0, busy() - busyBefore - cpu - (user + system) / 1e6) / all.length;
    return { othersCpu, seconds: (performance.now() - began) / 1000 };
  };
}
