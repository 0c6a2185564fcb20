import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";
import type { advanceFolderJob, failFolderJob } from "./advance-job.ts";
import type { createFolder } from "./create-folder.ts";
import type { startFolderJob } from "./start-job.ts";

/** The scripts that the use cases of folders run. */
export type FolderScripts = {
  readonly createFolder: typeof createFolder;
  readonly startFolderJob: typeof startFolderJob;
  readonly advanceFolderJob: typeof advanceFolderJob;
  readonly failFolderJob: typeof failFolderJob;
};

/** The parts that are needed to organise folders. */
export interface FolderNeeds {
  readonly config: { readonly limits: Pick<Config["limits"], "folderObjects" | "storageBytes"> };
  readonly database: Pick<Database<FolderScripts>, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
