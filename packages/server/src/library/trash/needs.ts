import type { Database } from "../../database/database.ts";

/** The parts that are needed to manage the trash. */
export interface TrashNeeds {
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
