import type { Config } from "../../../config/config.ts";
import type { FolderNeeds } from "../../../library/folders/manage-folders.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of folders need. */
export type FoldersNeeds = AuthNeeds &
  FolderNeeds & {
    readonly config: Pick<Config, "trash">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
