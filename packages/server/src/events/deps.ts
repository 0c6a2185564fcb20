import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "../observability/metrics.ts";

/** The parts that the composition root passes to the delivery of events. */
export interface EventsDeps {
  readonly config: Pick<Config, "allowPrivateNetworks">;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "webhooks">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
