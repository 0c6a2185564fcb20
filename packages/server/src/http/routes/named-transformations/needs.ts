import type {
  changeNamed,
  createNamed,
  removeNamed,
} from "../../../library/named-transformations/manage-named-transformations.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of named transformations need. */
export type NamedTransformationsNeeds = AuthNeeds &
  NeedsOf<typeof createNamed> &
  NeedsOf<typeof changeNamed> &
  NeedsOf<typeof removeNamed>;
