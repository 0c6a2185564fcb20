import { accessSync, chmodSync, mkdtempSync, readFileSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

/** Linux keeps what is written here in memory. */
const mountPoint = "/dev/shm";
/** More than twice what the tests' files take at most. */
const enoughBytes = 8 * 2 ** 30;

/**
 * Makes a folder in memory for the tests' files. Nothing there waits for a disk.
 * @returns its path, or undefined where a machine has no such place or too little memory
 */
export function makeMemoryFolder(): string | undefined {
  // A folder that somebody has chosen counts.
  if (process.env.TMPDIR !== undefined || !isUsable()) return;
  const folder = mkdtempSync(join(mountPoint, "sluice-test-"));
  // PostgreSQL runs as another user, with a folder in this one.
  chmodSync(folder, 0o711);
  return folder;
}

function isUsable(): boolean {
  try {
    accessSync(mountPoint);
    const { bavail, bsize } = statfsSync(mountPoint);
    return bavail * bsize >= enoughBytes && freemem() >= enoughBytes && runsPrograms();
  } catch {
    return false;
  }
}

/** Tests install packages and load their compiled parts. Containers often forbid that here. */
function runsPrograms(): boolean {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const options = mounts.map((line) => line.split(" ")).findLast(([, path]) => path === mountPoint)?.[3];
  return options !== undefined && !options.split(",").includes("noexec");
}
