import type {
  createEndpoint,
  removeEndpoint,
  replaceEndpoint,
} from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of URL endpoints need. */
export type UrlEndpointsNeeds = AuthNeeds &
  NeedsOf<typeof createEndpoint> &
  NeedsOf<typeof replaceEndpoint> &
  NeedsOf<typeof removeEndpoint>;
