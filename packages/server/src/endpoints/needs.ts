import type { Database } from "../database/database.ts";
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
};

/** The parts that the composition root passes to the management of URL endpoints and origins. */
export interface EndpointNeeds {
  readonly database: Database<EndpointScripts>;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
