import { readdir, readFile, readlink } from "node:fs/promises";

/** The variables with which a process of this machine was started. */
export async function environmentOf(pid: number): Promise<ReadonlyMap<string, string>> {
  const pairs = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0").filter((pair) => pair !== "");
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The ids of the processes of this machine that work below a folder. */
export async function processesIn(folder: string): Promise<number[]> {
  const ids = (await readdir("/proc")).map(Number).filter((id) => Number.isInteger(id));
  const folders = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => "")));
  return ids.filter((_, index) => folders[index]?.startsWith(`${folder}/`));
}
