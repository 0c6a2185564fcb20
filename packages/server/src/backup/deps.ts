import type { Load } from "../database/dump/load.ts";
import type { Snapshot } from "../database/dump/snapshot.ts";
import type { HoldDeps } from "../library/holds/content-hold.ts";
import type { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { RestoreMarker } from "./restore-marker.ts";

/** The parts that the composition root gives a backup. */
export interface BackupDeps extends HoldDeps {
  /** The library's contents. */
  readonly blobs: Pick<BlobStore, "read">;
  readonly openSnapshot: () => Promise<Snapshot>;
  /** The names of the jobs that a backup holds. */
  readonly jobNames: readonly string[];
}

/** The parts that the composition root gives a restore. */
export interface RestoreDeps {
  /** The store of the new library. */
  readonly blobs: BlobStore;
  readonly spool: Pick<Spool, "create">;
  readonly marker: Pick<RestoreMarker, "isOf" | "begin" | "end">;
  /** Begins to fill the empty database with rows whose last migration has this name. */
  readonly openLoad: (migration: string) => Promise<Load>;
  readonly jobNames: readonly string[];
  /** The names of the migrations that this version knows, in their order. */
  readonly migrationNames: readonly string[];
  readonly now: () => number;
}
