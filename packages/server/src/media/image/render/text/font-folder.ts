import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "sluice-fonts-";

/** Makes a folder for the fonts that this process works with. It is removed when the process ends. */
export async function makeFontFolder(within = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(within, `${prefix}${process.pid}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Removes the folders of processes that were killed. They may have fonts of accounts in them. */
export async function removeLeftFontFolders(within = tmpdir()): Promise<void> {
  for (const name of await readdir(within)) {
    const pid = /^sluice-fonts-(\d{1,10})-/.exec(name)?.[1];
    if (pid === undefined) continue;
    const folder = join(within, name);
    // Another user's folder stays.
    if (await isLeft(folder, Number(pid))) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** In a container, the process after a killed one has the same number. */
async function isLeft(folder: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  const startedAt = Date.now() - process.uptime() * 1000;
  return stat(folder).then(
    ({ mtimeMs }) => mtimeMs < startedAt,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
