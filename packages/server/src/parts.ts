import { join } from "node:path";
import type { Config } from "./config/config.ts";
import { createImageEngine } from "./media/image-engine.ts";
import { createMetrics } from "./observability/metrics.ts";
import { openDatabase } from "./open-database.ts";
import type { Services } from "./services.ts";
import { openDiskBlobStore } from "./storage/disk-blob-store.ts";
import { FreeSpace } from "./storage/free-space.ts";
import { Spool } from "./upload/spool/spool.ts";

export type Parts = Pick<Services, "database" | "blobs" | "spool" | "freeSpace" | "images" | "metrics"> & {
  close(): Promise<void>;
};

/** Opens what keeps data under the folder: the server's parts, and those of the commands that work beside it. */
export async function openParts(config: Config): Promise<Parts> {
  const { dataDir } = config;
  const database = await openDatabase(config);
  try {
    const folders = { spool: join(dataDir, "spool"), blobs: join(dataDir, "blobs"), database: dataDir };
    const blobs = await openDiskBlobStore(folders.blobs);
    const spool = await Spool.open(folders.spool);
    const images = createImageEngine();
    return {
      database,
      blobs,
      spool,
      freeSpace: new FreeSpace(folders),
      images,
      metrics: createMetrics(() => spool.usage()),
      async close() {
        await images.close();
        await blobs.close();
        await spool.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
