import { earlierClock } from "../../database/clock.ts";
import type { Database } from "../../database/database.ts";
import { noProgress } from "../../observability/progress.ts";
import type { TrashNeeds, TrashScripts } from "./needs.ts";

export interface SweepTrashNeeds {
  readonly database: Pick<Database<Pick<TrashScripts, "deleteOverdueTrash">>, "reader" | "run">;
  readonly now: TrashNeeds["now"];
}

/**
 * Deletes for good, in short transactions, the files whose time in the trash is over. A sweep that broke off is gone on
 * with by the next one.
 * @returns how many files
 */
export async function sweepTrash(
  { database, now }: SweepTrashNeeds,
  signal: AbortSignal,
  progress = noProgress,
): Promise<number> {
  const until = await earlierClock(database.reader, now());
  for (let files = 0; ; ) {
    signal.throwIfAborted();
    const count = await database.run("deleteOverdueTrash", { now: until });
    if (count === 0) return files;
    files += count;
    progress.advance(count);
  }
}
