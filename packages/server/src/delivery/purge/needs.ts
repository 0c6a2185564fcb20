import type { Database } from "../../database/database.ts";
import type { endPurge, purgeFiles, requestPurge } from "./purge-transactions.ts";

/** The parts that are needed to request purges and to carry them out. */
export interface PurgeNeeds {
  readonly database: Pick<
    Database<{
      requestPurge: typeof requestPurge;
      purgeFiles: typeof purgeFiles;
      endPurge: typeof endPurge;
    }>,
    "reader" | "run"
  >;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
