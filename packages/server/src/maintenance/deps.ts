import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { RenditionCache } from "../delivery/renditions/kept/rendition-cache.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";

/** The parts that the composition root gives the sweep and the consistency check. */
export interface MaintenanceDeps {
  readonly config: Pick<Config, "limits">;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly derived: Pick<RenditionCache, "drop" | "sweep">;
  readonly spool: Pick<Spool, "sweep">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "expiredUploads">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
