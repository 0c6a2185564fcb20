import { Session } from "node:inspector/promises";

/** Counts how many blocks of this package's code run during some work. */
export interface StepCounter {
  readonly count: (work: () => void) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * V8's own count of calls, branches and loops, which unlike time is the same on every machine and under every load. It sees
 * nothing of what the engine's string functions and regular expressions do.
 */
export async function startCounting(): Promise<StepCounter> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return {
    count: async (work) => {
      // Taking the counts begins new ones.
      await session.post("Profiler.takePreciseCoverage");
      work();
      const { result } = await session.post("Profiler.takePreciseCoverage");
      return result
        .filter(({ url }) => url.includes("/packages/grammar/src/") && !/\/testing\/|\.test\./.test(url))
        .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
        .reduce((sum, { count }) => sum + count, 0);
    },
    stop: async () => {
      await session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}
