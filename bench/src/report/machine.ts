import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { cpus, release } from "node:os";

/** The machine and date of the measurements. The numbers mean nothing on another machine. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  readonly fileSystem: string;
}

export function describeMachine(folder: string): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    kernel: release(),
    node: process.version,
    fileSystem: fileSystemOf(folder),
  };
}

/** The type of the mount that holds the folder. */
function fileSystemOf(folder: string): string {
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const holding = mounts.filter(
    ([, point = ""]) => point === "/" || folder === point || folder.startsWith(`${point}/`),
  );
  const [nearest] = holding.toSorted(([, a = ""], [, b = ""]) => b.length - a.length);
  return nearest?.[2] ?? "unknown";
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
