import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "./command.ts";
import { problemOf } from "./needs.ts";

export interface Mount {
  readonly path: string;
  /** Lets nothing be written under the path any more, until what it returns is called. */
  makeReadOnly(): Promise<() => Promise<void>>;
  unmount(): Promise<void>;
}

/** Why nothing can be mounted here; undefined where it can. */
export function mountProblem(): string | undefined {
  return problemOf("sh", [
    "-c",
    'folder=$(mktemp -d) && mount -t tmpfs tmpfs "$folder" && umount "$folder" && rmdir "$folder"',
  ]);
}

/** A small file system of its own, over an existing folder. */
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
      // A view of the same folder over it: a file system with files open for writing would not become read-only.
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

/** Fills what is left of the file system in which the folder is; call what it returns to make room again. */
export async function fill(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "ballast");
  const file = await open(path, "wx");
  try {
    // What is too large for a whole block may still go in as a small one.
    for (const size of [64 * 1024, 4096, 1]) await writeUntilFull(file, Buffer.alloc(size));
  } finally {
    await file.close();
  }
  return () => rm(path);
}

/** A file that the server has just let go of keeps the mount busy for a moment. */
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
