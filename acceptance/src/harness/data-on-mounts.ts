import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "./data-dir.ts";
import { type Mount, mountTmpfs } from "./mount.ts";

/** A part of the data folder that can be on its own file system. */
export type Place = "spool" | "blobs" | "database";

export const places: readonly Place[] = ["spool", "blobs", "database"];

/** Runs the function with a data folder that has one place on a small file system, to be filled or made read-only. */
export async function withDataOnMounts(
  place: Place,
  use: (dataDir: string, small: Mount) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (dataDir) => {
    const mounts: Mount[] = [];
    const mount = async (folder: string, size: string): Promise<Mount> => {
      await mkdir(folder, { recursive: true });
      const mounted = await mountTmpfs(folder, size);
      mounts.unshift(mounted);
      return mounted;
    };
    try {
      // The database is in the data folder itself, so the other two places get their own mounts inside it.
      const small = await mount(place === "database" ? dataDir : join(dataDir, place), "12m");
      if (place === "database") for (const other of ["spool", "blobs"]) await mount(join(dataDir, other), "64m");
      await use(dataDir, small);
    } finally {
      for (const mounted of mounts) await mounted.unmount();
    }
  });
}
