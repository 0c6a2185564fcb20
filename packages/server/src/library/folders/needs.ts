import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";

/** The parts that are needed to organise folders. */
export interface FolderNeeds {
  readonly config: { readonly limits: Pick<Config["limits"], "folderObjects" | "storageBytes"> };
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
