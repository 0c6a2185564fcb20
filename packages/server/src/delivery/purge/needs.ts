import type { Database } from "../../database/database.ts";

/** The parts that are needed to request purges and to carry them out. */
export interface PurgeNeeds {
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
