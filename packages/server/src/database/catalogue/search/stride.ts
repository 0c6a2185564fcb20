import type { Connection } from "../../database.ts";
import { bounds } from "./bounds.ts";

/**
 * The number of entries that the next statement of a search looks at. It grows up to `most`. A statement on SQLite holds
 * this thread, so after one that took long, as from a cold disk, the next one looks at fewer.
 * @param ms how long the last statement took, which looked at `entries`
 */
export function nextStride(entries: number, most: number, ms: number, { engine }: Connection): number {
  if (engine.runNow === undefined || ms <= bounds.statementMs) return Math.min(most, 3 * entries);
  return Math.max(bounds.leastEntries, Math.min(most, Math.floor((entries * bounds.statementMs) / ms)));
}
