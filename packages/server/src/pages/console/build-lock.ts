import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const lockOf = (cache: string) => join(cache, "building.lock");

/**
 * Takes the lock under which an app is built, so that several servers of a checkout don't build at once.
 * @returns a function that gives the lock back; undefined where another process has it
 */
export async function takeBuildLock(cache: string): Promise<(() => Promise<void>) | undefined> {
  const path = lockOf(cache);
  const own = `${path}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  // The file has its content from the beginning: another process may read it at any time.
  await writeFile(own, String(process.pid));
  try {
    if (!(await isLocked(cache))) await rm(path, { force: true });
    await link(own, path);
    return () => rm(path, { force: true });
  } catch {
    return undefined;
  } finally {
    await rm(own, { force: true });
  }
}

/** Whether a process that is still there has the lock. */
export async function isLocked(cache: string): Promise<boolean> {
  const text = await readFile(lockOf(cache), "utf8").catch(() => "");
  return /^\d+$/.test(text) && isRunning(Number(text));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
