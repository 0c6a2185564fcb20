import { setTimeout as sleep } from "node:timers/promises";

/** Resolves when the work has ended, or after the time. The work goes on. @throws the work's error, if it comes in time */
export async function endedWithin(ms: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, sleep(ms, undefined, { signal: ended.signal })]);
  } finally {
    ended.abort();
  }
}
