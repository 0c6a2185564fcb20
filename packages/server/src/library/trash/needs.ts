import type { Database } from "../../database/database.ts";
import type { restoreFromTrash } from "./restore-transaction.ts";
import type { continueEmptyingTrash, deleteFromTrash, deleteOverdueTrash, emptyTrash } from "./trash-transactions.ts";

/** The scripts that the use cases of the trash run. */
export type TrashScripts = {
  readonly restoreFromTrash: typeof restoreFromTrash;
  readonly deleteFromTrash: typeof deleteFromTrash;
  readonly emptyTrash: typeof emptyTrash;
  readonly continueEmptyingTrash: typeof continueEmptyingTrash;
  readonly deleteOverdueTrash: typeof deleteOverdueTrash;
};

/** The parts that are needed to manage the trash. */
export interface TrashNeeds {
  readonly database: Pick<Database<TrashScripts>, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
