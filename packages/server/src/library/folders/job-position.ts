import type { BulkJobRow } from "../../database/repositories/bulk-jobs.ts";
import type { EventContext } from "../../events/event-context.ts";

/*
 * A folder job works in steps, each of which is one short transaction. The step's transaction also writes where the job
 * is, so that a job that breaks off goes on with the step that comes next, and no step is done twice.
 */

/** The largest numbers of files and of folders that one step deals with. */
export const filesPerStep = 200;
/** The number of versions with which a step takes no further files. */
export const versionsPerStep = 400;
export const foldersPerStep = 2000;

/** The position of a job on its way through the folders of its source, in the order of their paths. */
export interface Walk {
  readonly phase: "walk";
  /** The path of the folder that comes next. */
  readonly path: string;
  /** The name of the last file of that folder that the job has dealt with; null if it has dealt with none. */
  readonly after: string | null;
  /** Whether the folder counts as dealt with. */
  readonly entered: boolean;
}

/** After a move, the folders of the source that are empty now are deleted, from the last path on. */
export interface Clean {
  readonly phase: "clean";
  /** The path of the last folder that was looked at; null at the beginning. */
  readonly before: string | null;
}

export interface Position {
  readonly at: Walk | Clean;
  /** The number of files and folders that this walk has moved. A move walks again until there is nothing to move. */
  readonly moved: number;
  /** The number of files that have no room at their destination because of the limit of versions. */
  readonly skipped: number;
  /** The path of the first of those files. */
  readonly firstSkipped: string | null;
}

export function startOf(path: string): Position {
  return { at: walkFrom(path), moved: 0, skipped: 0, firstSkipped: null };
}

export function walkFrom(path: string): Walk {
  return { phase: "walk", path, after: null, entered: false };
}

/** The facts that a step needs. */
export interface StepContext {
  /** The endpoints that are told of what the step changes. */
  readonly events: EventContext | undefined;
  /** The server's storage limit, for an account without a limit of its own; 0 for none. */
  readonly storageLimit: number;
  readonly now: number;
}

/** A job as its steps see it. Both paths are locked. */
export interface FolderJob
  extends Pick<BulkJobRow, "account_id" | "type" | "source_path" | "target_path" | "all_versions" | "trash_ms"> {
  readonly position: Position;
}

export interface StepResult {
  readonly position: Position;
  /** The number of files and folders that the step has dealt with. */
  readonly done: number;
  readonly finished: boolean;
  /** The problem is set if the job has to end before it has done everything. */
  readonly problem?: "storage limit" | "path limit" | undefined;
}
