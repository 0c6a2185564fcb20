import { type CountQuery, countByParts } from "../../database/catalogue/search/count-objects.ts";
import type { Connection } from "../../database/database.ts";

/** Says nearly how many objects meet the criteria, without looking at all of them. */
export async function estimateCount(reader: Connection, query: CountQuery, signal: AbortSignal): Promise<number> {
  const { examined, matching, total } = await countByParts(reader, query, signal);
  return examined === total ? matching : Math.round((matching / Math.max(1, examined)) * total);
}
