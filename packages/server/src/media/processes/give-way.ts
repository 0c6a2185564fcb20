import { writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

/** How far what else wants the processor goes first: 19 is last. */
export const niceness = {
  /** Somebody waits for it, but uploads and pictures take less of the processor. */
  still: 10,
  /** Nobody waits for it, or all know that it takes minutes. */
  job: 19,
} as const;

/** Linux lets users without rights set one a tenth of a second, on the whole machine. */
const againMs = 150;
const maxTries = 20;

/**
 * Has what else wants the processor go before a process, and before what that starts. A process that leads a session may
 * be scheduled in a group of its own, in which its priority compares with nothing else's. So the group gets it as well.
 * @see https://man7.org/linux/man-pages/man7/sched.7.html "The autogroup feature"
 * @param ended settles when the process has ended
 */
export async function giveWay(pid: number, niceness: number, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  ended.then(end, end);
  try {
    setPriority(pid, niceness);
    for (let tries = 1; tries <= maxTries && !hasEnded; tries += 1) {
      const code = await groupNiceness(pid, niceness);
      if (code !== "EAGAIN") return;
      await delay(againMs);
    }
  } catch {
    // It has ended already, or the system doesn't allow it.
  }
}

async function groupNiceness(pid: number, niceness: number): Promise<string | undefined> {
  try {
    await writeFile(`/proc/${pid}/autogroup`, String(niceness));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
