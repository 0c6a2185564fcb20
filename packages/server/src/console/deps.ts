import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";

/** The parts that the sessions of the console are made of. */
export interface ConsoleDeps {
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
