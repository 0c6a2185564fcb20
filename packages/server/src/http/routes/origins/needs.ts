import type { addOrigin, changeOrigin, dropOrigin } from "../../../endpoints/origins/manage-origins.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of origins need. */
export type OriginsNeeds = AuthNeeds &
  NeedsOf<typeof addOrigin> &
  NeedsOf<typeof changeOrigin> &
  NeedsOf<typeof dropOrigin>;
