import { setTimeout as sleep } from "node:timers/promises";

/**
 * The time for which each step of a process's end waits for a database that hangs. Four steps may follow each other, and
 * whatever stops a server has to wait for them (docs/operate/upgrade.md).
 */
export const closeMs = 3000;

/**
 * Waits for the work, but no longer than the time. The work goes on.
 * @returns undefined when the time was over first
 * @throws the work's error, if it comes in time
 */
export async function endedWithin<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const ended = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: ended.signal })]);
  } finally {
    ended.abort();
  }
}
