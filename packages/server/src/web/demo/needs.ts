import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";

/** The parts that the composition root gives the demo. */
export interface DemoNeeds {
  readonly config: Pick<Config, "demo" | "imagekitId">;
  readonly database: { readonly reader: Connection };
  /** The secret of the link that a start prints. The token route answers only to requests that carry it. */
  readonly demoSecret: string;
  readonly logger: Pick<Logger, "error">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}
