import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { createOrigin, removeOrigin, replaceOrigin } from "./origins/origin-transactions.ts";
import type { SealedSecrets } from "./origins/sealed-secrets.ts";
import type {
  createUrlEndpoint,
  removeUrlEndpoint,
  replaceUrlEndpoint,
} from "./url-endpoints/url-endpoint-transactions.ts";

/** The scripts that the use cases of URL endpoints and origins run. */
export type EndpointScripts = {
  readonly createUrlEndpoint: typeof createUrlEndpoint;
  readonly replaceUrlEndpoint: typeof replaceUrlEndpoint;
  readonly removeUrlEndpoint: typeof removeUrlEndpoint;
  readonly createOrigin: typeof createOrigin;
  readonly replaceOrigin: typeof replaceOrigin;
  readonly removeOrigin: typeof removeOrigin;
};

/** The parts that the composition root passes to the management of URL endpoints and origins. */
export interface EndpointNeeds {
  readonly config: Pick<Config, "allowPrivateNetworks">;
  readonly database: Database<EndpointScripts>;
  readonly sealedSecrets: Pick<SealedSecrets, "canSeal" | "seal">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
