import type { purgeStatus, requestPurge } from "../../../delivery/purge/purge.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of purges need. */
export type PurgeRoutesNeeds = AuthNeeds & NeedsOf<typeof requestPurge> & NeedsOf<typeof purgeStatus>;
