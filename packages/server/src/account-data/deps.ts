import type { Database } from "../database/database.ts";
import type { RenditionCache } from "../delivery/renditions/kept/rendition-cache.ts";
import type { JobOwner } from "../jobs/job.ts";
import type { BlobStore } from "../storage/blob-store.ts";

/** The parts that the composition root gives the export of an account. */
export interface ExportDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly database: Pick<Database, "reader">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The parts that the composition root gives the erasure of an account. */
export interface ErasureDeps {
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  readonly blobs: Pick<BlobStore, "delete" | "partial" | "sharedFiles">;
  readonly database: Database;
  readonly derived: Pick<RenditionCache, "drop">;
  /** The members of jobs' inputs that show which account a job belongs to. */
  readonly jobOwners: readonly JobOwner[];
}
