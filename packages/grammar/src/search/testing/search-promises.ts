import { isDeepStrictEqual } from "node:util";
import { parseSearchQuery } from "../parse.ts";
import { printSearchQuery } from "../print.ts";
import type { SearchQuery } from "../search-query.ts";
import { SearchQueryError } from "../search-query-error.ts";
import { sampleOptions } from "./sample-options.ts";

/**
 * Checks what must hold for every text. A text is either refused with a `SearchQueryError` at a position within it, or
 * read, and then its printed form is read as the same query at any other time.
 * @returns whether the text was read
 */
export function searchPromises(text: string): boolean {
  const query = read(text);
  if (query === undefined) return false;
  const printed = printSearchQuery(query);
  const again = parseSearchQuery(printed, { ...sampleOptions, now: 0 });
  if (!isDeepStrictEqual(again, query)) throw new Error(`${text} was printed as ${printed}`);
  assertNormal(query);
  return true;
}

function read(text: string): SearchQuery | undefined {
  try {
    return parseSearchQuery(text, sampleOptions);
  } catch (error) {
    if (!(error instanceof SearchQueryError)) throw error;
    const { position, message } = error;
    if (position < 1 || position > text.length + 1 || !/^[\x20-\x7e]{1,400}$/.test(message)) throw new Error(message);
    return undefined;
  }
}

/** Throws for what the comments of the tree's types exclude. */
function assertNormal(query: SearchQuery): void {
  if (query.kind !== "condition") {
    if (query.operands.length < 2 || query.operands.some(({ kind }) => kind === query.kind))
      throw new Error("junction");
    query.operands.forEach(assertNormal);
    return;
  }
  const { test } = query;
  if (test.kind === "among" && (test.values.length === 0 || new Set<unknown>(test.values).size < test.values.length)) {
    throw new Error("values");
  }
  if (test.kind === "spans") {
    for (const { from, before } of test.spans) {
      if (from === undefined ? before === undefined : before !== undefined && before <= from) throw new Error("span");
      if (![from, before].every((end) => end === undefined || Number.isSafeInteger(end))) throw new Error("time");
    }
  }
}
