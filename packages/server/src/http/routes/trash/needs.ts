import type { TrashNeeds } from "../../../library/trash/manage-trash.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of the trash need. */
export type TrashRoutesNeeds = AuthNeeds &
  TrashNeeds & {
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
