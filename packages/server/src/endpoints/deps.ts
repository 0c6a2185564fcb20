import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { SealedSecrets } from "./origins/sealed-secrets.ts";

/** The parts that the composition root passes to the management of URL endpoints and origins. */
export interface EndpointDeps {
  readonly config: Pick<Config, "allowPrivateNetworks">;
  readonly database: Database;
  readonly sealedSecrets: Pick<SealedSecrets, "canSeal" | "seal">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
