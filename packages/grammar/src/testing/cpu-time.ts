import process from "node:process";

/** What some work costs this thread, in ms of the processor: unlike the clock's, it doesn't grow because others are busy. */
export function cpuTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
