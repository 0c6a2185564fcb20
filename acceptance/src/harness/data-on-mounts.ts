import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "./data-dir.ts";
import { type Mount, mountTmpfs } from "./mount.ts";

/** What of a data folder can be on a file system of its own. */
export type Place = "spool" | "blobs" | "database";

export const places: readonly Place[] = ["spool", "blobs", "database"];

/** A data folder of which one place is on a small file system that can be filled or made read-only. */
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
      // The database is in the data folder itself: what it must not share is mounted over it.
      const small = await mount(place === "database" ? dataDir : join(dataDir, place), "12m");
      if (place === "database") for (const other of ["spool", "blobs"]) await mount(join(dataDir, other), "64m");
      await use(dataDir, small);
    } finally {
      for (const mounted of mounts) await mounted.unmount();
    }
  });
}
