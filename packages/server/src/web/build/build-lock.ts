import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The name of the lock's file in the cache. */
export const lockName = "build.lock";

/** Whoever only looks at the lock has it for some microseconds. */
const patienceMs = 50;

/**
 * Takes the lock under which an app is built, so that several servers of a checkout don't build at once. It is the lock
 * on a database's file, which the system gives back when its process ends in whatever way. Numbers of processes would
 * not do: those of containers repeat. The file is empty, and stays: two could have the lock if it were deleted.
 * @returns a function that gives the lock back; undefined where somebody else has it
 */
export async function takeBuildLock(cache: string): Promise<(() => void) | undefined> {
  await mkdir(cache, { recursive: true });
  return lock(cache, patienceMs);
}

/** Whether somebody has the lock, in this process or in another one. */
export async function isLocked(cache: string): Promise<boolean> {
  const exists = await access(join(cache, lockName)).then(
    () => true,
    () => false,
  );
  if (!exists) return false;
  const giveBack = lock(cache, 0);
  giveBack?.();
  return giveBack === undefined;
}

function lock(cache: string, timeout: number): (() => void) | undefined {
  const file = new DatabaseSync(join(cache, lockName), { timeout });
  try {
    file.exec("begin immediate");
    return () => file.close();
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
