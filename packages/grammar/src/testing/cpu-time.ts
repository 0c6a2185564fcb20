import process from "node:process";

/**
 * Measures the processor time that the work costs this thread, in ms. Unlike wall-clock time, it doesn't grow while
 * other processes are busy.
 */
export function cpuTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
