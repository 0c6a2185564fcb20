import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../../../config/config.ts";
import type { Metrics } from "../../../observability/metrics.ts";
import type { SharedFiles } from "../../../storage/blob-store.ts";
import { RenditionCache } from "./rendition-cache.ts";
import type { RenditionSource } from "./rendition-cache-options.ts";
import { RenditionFolder } from "./rendition-folder.ts";
import { SharedTier } from "./shared-tier.ts";
import { TroubleLog } from "./trouble-log.ts";

export function openRenditionCache(
  { dataDir, limits, workers }: Pick<Config, "dataDir" | "limits" | "workers">,
  shared: SharedFiles | undefined,
  metrics: Pick<Metrics, "derived">,
  logger: Logger | undefined,
): RenditionCache {
  const folder = new RenditionFolder(join(dataDir, "derived"));
  const marks = {
    memory: metrics.derived.mark({ source: "memory" }),
    disk: metrics.derived.mark({ source: "disk" }),
    shared: metrics.derived.mark({ source: "shared" }),
    made: metrics.derived.mark({ source: "made" }),
  } satisfies Record<RenditionSource, unknown>;
  const disk = new TroubleLog(logger, "made images can't be kept in the data folder; they are still served");
  const bucket = new TroubleLog(logger, "made images can't be shared through the bucket; they are still served");
  return new RenditionCache({
    folder,
    shared:
      shared &&
      new SharedTier({
        files: shared,
        waitMs: limits.derivedWaitMs,
        pendingBytes: limits.derivedMemoryBytes,
        troubled: (error) => bucket.report(error),
      }),
    memoryBytes: limits.derivedMemoryBytes,
    diskBytes: limits.derivedBytes,
    processes: workers,
    count: (source) => marks[source].add(),
    troubled: (error) => disk.report(error),
  });
}
