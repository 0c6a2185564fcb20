import type { Config } from "../../../config/config.ts";
import { parsePermanent } from "../../../library/trash/parse-requests.ts";
import { invalidParameter } from "../../../text/parameter.ts";

/**
 * The time for which the files that a request deletes stay in the trash; null if they are deleted for good.
 * @throws SluiceError PARAMETER_INVALID for a query that the operation doesn't have
 */
export function trashMsFor(
  { config: { trash } }: { readonly config: Pick<Config, "trash"> },
  query: Readonly<Record<string, unknown>>,
): number | null {
  const permanent = parsePermanent(query);
  if (permanent === undefined) return trash.standardMs;
  if (permanent) return null;
  if (trash.askedMs === null)
    throw invalidParameter("permanent", "It can't be false, because the trash is switched off.");
  return trash.askedMs;
}
