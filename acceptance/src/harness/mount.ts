import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "./command.ts";
import { problemOf } from "./needs.ts";

export interface Mount {
  readonly path: string;
  /** Makes everything under the path read-only. @returns a function that makes it writable again */
  makeReadOnly(): Promise<() => Promise<void>>;
  unmount(): Promise<void>;
}

/** Returns the reason why this process can't mount a file system; undefined if it can. */
export function mountProblem(): string | undefined {
  return problemOf("sh", [
    "-c",
    'folder=$(mktemp -d) && mount -t tmpfs tmpfs "$folder" && umount "$folder" && rmdir "$folder"',
  ]);
}

/** Mounts a small file system over an existing folder. */
export async function mountTmpfs(path: string, size: string): Promise<Mount> {
  await run("mount", "-t", "tmpfs", "-o", `size=${size},mode=0700`, "tmpfs", path);
  let mounted = 1;
  const unmountOne = async (): Promise<void> => {
    await unmountSoon(path);
    mounted--;
  };
  return {
    path,
    async makeReadOnly() {
      // Binds the folder over itself, because a file system with files open for writing can't become read-only.
      await run("mount", "--bind", path, path);
      mounted++;
      await run("mount", "-o", "remount,bind,ro", path);
      return unmountOne;
    },
    async unmount() {
      while (mounted > 0) await unmountOne();
    },
  };
}

/** Fills the rest of the folder's file system. @returns a function that makes room again */
export async function fill(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "ballast");
  const file = await open(path, "wx");
  try {
    // A file system that is too full for a large block may still take a small one.
    for (const size of [64 * 1024, 4096, 1]) await writeUntilFull(file, Buffer.alloc(size));
  } finally {
    await file.close();
  }
  return () => rm(path);
}

/** Unmounts with retries, because a file that the server has just closed keeps the mount busy for a moment. */
async function unmountSoon(path: string): Promise<void> {
  for (const end = Date.now() + 10_000; ; ) {
    const { code, stderr } = await runProgram("umount", [path]);
    if (code === 0) return;
    if (Date.now() > end || !stderr.includes("busy")) throw new Error(`umount ${path}: ${stderr.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function writeUntilFull(file: FileHandle, block: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(block);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") return;
      throw error;
    }
  }
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runProgram(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim()}`);
}
