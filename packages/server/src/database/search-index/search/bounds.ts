import type { Connection } from "../../database.ts";

/**
 * The bounds of a search's single steps. A statement holds SQLite's reading thread, so it looks at a bounded number of
 * entries. Tests take smaller numbers, so that few files come by all ways.
 */
export const bounds = {
  /** Milliseconds that a statement on SQLite takes, nearly. After one that has taken longer, the next looks at less. */
  statementMs: 10,
  /** Entries that a statement looks at where others have taken long. */
  leastEntries: 10,
  /** Entries of a list that one statement of a walk looks at: the first one, unless tests are many, and any one at most. */
  firstEntries: 500,
  mostEntries: 2000,
  /** Tests that one statement makes, nearly: the more conditions a search has, the fewer entries it looks at. */
  tests: 16_000,
  /** Entries of an index that one statement skips: the first one, and any one at most. */
  firstSkippedEntries: 5000,
  skippedEntries: 20_000,
  /** Entries of a folder's index between two places that are kept while they are counted. */
  stageEntries: 4000,
  /** Entries that are counted at once where a number of objects is estimated. At the beginning of so many, a sample is looked at. */
  countedEntries: 5000,
  sampledEntries: 200,
  /** Files of a folder whose rows are kept in mind while marks are looked for. Of a larger folder, a part is. */
  mostSampledFiles: 20_000,
  /** With so few candidates no walk is begun. */
  fewCandidates: 300,
  /** More candidates than these are never looked up. */
  mostCandidates: 20_000,
  /** Ids that one statement looks up. */
  idsAtOnce: 500,
  /**
   * After so many entries without a full page, a walk by another key looks for all matches by creation, with the lists of
   * terms and without. More matches than these are never sorted.
   */
  entriesBeforeCreation: { ofTerms: 16_000, ofAll: 100_000 },
  mostFoundByCreation: 5000,
};

/** Lets other requests go on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The number of entries that the next statement of a search looks at. It grows up to `most`. A statement on SQLite holds
 * this thread, so after one that took long, as from a cold disk, the next one looks at fewer.
 * @param ms how long the last statement took, which looked at `entries`
 */
export function nextStride(entries: number, most: number, ms: number, { engine }: Connection): number {
  if (engine.runNow === undefined || ms <= bounds.statementMs) return Math.min(most, 3 * entries);
  return Math.max(bounds.leastEntries, Math.min(most, Math.floor((entries * bounds.statementMs) / ms)));
}
