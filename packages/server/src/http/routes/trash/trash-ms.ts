import type { Config } from "../../../config/config.ts";
import { parsePermanent } from "../../../library/trash/parse-requests.ts";

/**
 * The time for which the files that a request deletes stay in the trash; null if they are deleted for good.
 * @throws SluiceError PARAMETER_INVALID for a query that the operation doesn't have
 */
export function trashMsFor(
  { config }: { readonly config: Pick<Config, "trashMs"> },
  query: Readonly<Record<string, unknown>>,
): number | null {
  return parsePermanent(query) ? null : config.trashMs;
}
