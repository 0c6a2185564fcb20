import type { BulkJobRow } from "../../database/repositories/bulk-jobs.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";

const messages = {
  COPY_FOLDER: (count: string) => `${count} files and folders are copied.`,
  MOVE_FOLDER: (count: string) => `${count} files and folders are moved.`,
  RENAME_FOLDER: (count: string) => `${count} folders have their new path.`,
  DELETE_FOLDER: (count: string) => `${count} files and folders are deleted.`,
} as const satisfies Record<BulkJobRow["type"], (count: string) => string>;

/** Says how far a folder job is. What is uploaded meanwhile is dealt with as well, so more may be done than was to do. */
export function progressOf({ type, done, total }: Pick<BulkJobRow, "type" | "done" | "total">): JobProgress {
  const shown = Math.min(done, total);
  return { fraction: total === 0 ? 0 : shown / total, message: messages[type](countOf(shown, total)) };
}

function countOf(done: number, total: number): string {
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}
