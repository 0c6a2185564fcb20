import type { Database } from "../database/database.ts";
import type { RenditionCache } from "../delivery/renditions/kept/rendition-cache.ts";
import type { JobOwner } from "../jobs/job.ts";
import type { AccountJobDatabase } from "../jobs/remove-account-jobs.ts";
import type { HoldNeeds } from "../library/holds/content-hold.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type {
  closeAccount,
  eraseAccountFiles,
  eraseAccountRows,
  removeAccount,
  settleAccount,
} from "./erase/erasure-transactions.ts";

/** The parts that the composition root gives the export of an account. */
export interface ExportNeeds {
  readonly blobs: Pick<BlobStore, "read">;
  readonly database: Pick<Database<Record<never, never>>, "reader">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The parts that the composition root gives the erasure of an account. */
export interface ErasureNeeds {
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  readonly blobs: Pick<BlobStore, "delete" | "partial" | "sharedFiles">;
  readonly database: AccountJobDatabase &
    Database<{
      readonly closeAccount: typeof closeAccount;
      readonly settleAccount: typeof settleAccount;
      readonly eraseAccountRows: typeof eraseAccountRows;
      readonly eraseAccountFiles: typeof eraseAccountFiles;
      readonly removeAccount: typeof removeAccount;
    }> &
    HoldNeeds["database"];
  readonly derived: Pick<RenditionCache, "drop">;
  /** The members of jobs' inputs that show which account a job belongs to. */
  readonly jobOwners: readonly JobOwner[];
}
