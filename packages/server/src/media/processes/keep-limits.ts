/**
 * Ends this process, which `runProcess` has started, once it takes more memory or time than it may. Nothing but the end
 * of the process stops native work. The process that started this one may have ended before.
 * @returns the arguments of the task
 */
export function keepLimits(): string[] {
  const [maxMemoryBytes, maxTimeMs, parent] = process.argv.slice(2, 5).map(Number);
  const check = (): void => {
    const within = process.memoryUsage.rss() <= Number(maxMemoryBytes) && performance.now() <= Number(maxTimeMs);
    if (!within || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  };
  setInterval(check, 10).unref();
  // Stopping the server sends the signal to all of its processes, and the server finishes what is in flight.
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const) process.on(name, () => undefined);
  return process.argv.slice(5);
}
