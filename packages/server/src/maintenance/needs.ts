import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { RenditionCache } from "../delivery/renditions/kept/rendition-cache.ts";
import type { pruneEvents } from "../events/event-transactions.ts";
import type { TrashScripts } from "../library/trash/needs.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { pruneTokens, pruneV1Tokens } from "../upload/ledger/token-transactions.ts";
import type { clearSession, expireSession, forgetSessions } from "../upload/resumable/sessions/session-transactions.ts";
import type { releaseBlobs } from "./sweep-transactions.ts";

/** The parts that the composition root gives the sweep and the consistency check. */
export interface MaintenanceNeeds {
  readonly config: Pick<Config, "limits">;
  readonly database: Database<{
    readonly releaseBlobs: typeof releaseBlobs;
    readonly pruneTokens: typeof pruneTokens;
    readonly pruneV1Tokens: typeof pruneV1Tokens;
    readonly pruneEvents: typeof pruneEvents;
    readonly deleteOverdueTrash: TrashScripts["deleteOverdueTrash"];
    readonly expireSession: typeof expireSession;
    readonly clearSession: typeof clearSession;
    readonly forgetSessions: typeof forgetSessions;
  }>;
  readonly blobs: BlobStore;
  readonly derived: Pick<RenditionCache, "drop" | "sweep">;
  readonly spool: Pick<Spool, "sweep">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "expiredUploads">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
