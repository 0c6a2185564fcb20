import type { Viewer } from "../../../access/viewer.ts";
import type { Connection } from "../../database.ts";
import { beginningOf, maxTermText, termKinds } from "../terms.ts";
import { textsBeginning } from "./ranges.ts";

/** More fresh rows than this are not looked through. They are settled in no time. */
const maxFreshRows = 500;

/**
 * Lists tags of the account's files, in the order of their characters. The list of terms is skipped through from tag to
 * tag, so that it costs the same however many files have a tag.
 */
export async function findTags(
  reader: Connection,
  viewer: Viewer,
  { beginning, limit }: { readonly beginning: string; readonly limit: number },
  signal: AbortSignal,
): Promise<string[]> {
  const fresh = await freshTags(reader, viewer);
  const found = new Set(fresh.filter((tag) => tag.startsWith(beginning)));
  const { from, before } = textsBeginning(beginningOf(termKinds.tag, beginning));
  for (let [after, count] = [String(from), 0]; count < limit; count++) {
    signal.throwIfAborted();
    const term = await termBetween(reader, viewer, { from: after, isIn: count === 0, before: String(before) });
    if (term === undefined) break;
    after = term;
    const tag = term.slice(termKinds.tag.length);
    // A longer tag is not there as it is.
    if (tag.length <= maxTermText) found.add(tag);
  }
  return [...found].sort().slice(0, limit);
}

async function termBetween(
  reader: Connection,
  viewer: Viewer,
  { from, isIn, before }: { readonly from: string; readonly isIn: boolean; readonly before: string },
): Promise<string | undefined> {
  const row = await reader
    .selectFrom("catalogue_terms")
    .select("term")
    .where("account_id", "=", viewer.accountId)
    .where("scope", "=", 0)
    .where("term", isIn ? ">=" : ">", from)
    .where("term", "<", before)
    .orderBy("term")
    .limit(1)
    .executeTakeFirst();
  return row?.term;
}

/** The tags of files that the list of terms doesn't have yet. */
async function freshTags(reader: Connection, viewer: Viewer): Promise<string[]> {
  const rows = await reader
    .selectFrom("catalogue")
    .select("terms")
    .where("account_id", "=", viewer.accountId)
    .where("scope", "=", 0)
    .where("settled", "is", null)
    .orderBy("id", "desc")
    .limit(maxFreshRows)
    .execute();
  const terms = rows.flatMap((row) => (row.terms === null ? [] : (JSON.parse(row.terms) as string[])));
  return terms
    .filter((term) => term.startsWith(termKinds.tag))
    .map((term) => term.slice(termKinds.tag.length))
    .filter((tag) => tag.length <= maxTermText);
}
