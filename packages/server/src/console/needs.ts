import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type {
  beginConsoleSession,
  endConsoleSession,
  redeemConsoleLink,
  touchConsoleSession,
} from "./session-transactions.ts";

/** The parts that the sessions of the console are made of. */
export interface ConsoleNeeds {
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<
    Database<{
      readonly beginConsoleSession: typeof beginConsoleSession;
      readonly endConsoleSession: typeof endConsoleSession;
      readonly redeemConsoleLink: typeof redeemConsoleLink;
      readonly touchConsoleSession: typeof touchConsoleSession;
    }>,
    "reader" | "run"
  >;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
