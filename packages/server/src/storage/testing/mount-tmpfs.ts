import { execFile } from "node:child_process";
import { mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Mount {
  readonly path: string;
  remount(options: string): Promise<void>;
  unmount(): Promise<void>;
}

/**
 * Mounts a separate file system for a test that needs it full or read-only. Resolves with undefined where this process
 * may not mount.
 */
export async function mountTmpfs(options: string): Promise<Mount | undefined> {
  const path = await mkdtemp(join(tmpdir(), "sluice-tmpfs-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
  } catch {
    await rmdir(path);
    return undefined;
  }
  return {
    path,
    remount: async (changed) => {
      await run("mount", ["-o", `remount,${changed}`, path]);
    },
    unmount: async () => {
      await run("umount", [path]);
      await rmdir(path);
    },
  };
}
