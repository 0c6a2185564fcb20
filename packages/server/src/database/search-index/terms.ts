import { createHash } from "node:crypto";
import { optionKey, toNfc } from "@sluice/grammar";

/*
 * The terms of the search index. A term is the key by which the table `catalogue_terms` finds what has it. Scripts write
 * terms, and searches look for them, by these functions alone.
 */

/** The longest text that stands in a term as it is, in UTF-16 code units. A key of a database is bounded. */
export const maxTermText = 300;

/** Terms of one kind begin alike and are neighbours. */
export const termKinds = {
  nameWord: "w:",
  tag: "t:",
  tagWord: "u:",
  format: "f:",
  keyword: "k:",
  takenAt: "d:",
  place: "g:",
  exception: "x:",
} as const;

export const wordTerm = (word: string): string => termKinds.nameWord + word;
export const tagTerm = (tag: string): string => termKinds.tag + bounded(tag);
export const tagWordTerm = (word: string): string => termKinds.tagWord + word;
export const formatTerm = (format: string): string => termKinds.format + format;
export const keywordTerm = (keyword: string): string => termKinds.keyword + bounded(keyword);
/** Terms of what few objects are. The opposite has no term, since it would find nearly everything. */
export const exceptionTerms = {
  draft: `${termKinds.exception}draft`,
  private: `${termKinds.exception}private`,
  alpha: `${termKinds.exception}alpha`,
} as const;

export const takenTerm = (time: number): string => termKinds.takenAt + sortable(time);

/** The terms of a custom metadata field's values. */
export const customTerms = {
  text: (field: string, text: string): string => `c:${field}=${bounded(text)}`,
  number: (field: string, number: number): string => `n:${field}=${sortable(number)}`,
  time: (field: string, time: number): string => `m:${field}=${sortable(time)}`,
} as const;

/**
 * The beginning of all terms whose text begins with `text`, for a range of terms. A text that is too long to stand in a
 * term has the beginning in common with more terms than it should: the range is a superset.
 */
export function beginningOf(kind: string, text: string): string {
  return kind + storable(text).slice(0, maxTermText);
}

/** Texts that one of the databases can't store lose what it can't. */
export function storable(text: string): string {
  return toNfc(text.toWellFormed().replaceAll("\0", ""));
}

/** Distinct texts stay distinct, however long they are. */
function bounded(text: string): string {
  const stored = storable(text);
  if (stored.length <= maxTermText) return stored;
  return `${stored.slice(0, maxTermText).toWellFormed()}#${createHash("sha256").update(stored).digest("hex")}`;
}

/** Spells a number so that texts are in the order of their numbers. */
export function sortable(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number === 0 ? 0 : number);
  const bits = view.getBigUint64(0);
  const ordered = bits >> 63n === 1n ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n);
  return ordered.toString(16).padStart(16, "0");
}

/** The number that a value is or spells, by the rule of searches for options. */
export function numberOf(value: string | number): number | undefined {
  if (typeof value === "number") return value;
  const key = optionKey(value);
  const number = Number(key);
  return Number.isFinite(number) && String(number) === key ? number : undefined;
}

/** Words as a column has them: each behind a space, so that a search for the beginning of a word finds ` beginning`. */
export function wordsColumn(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join("");
}

/** A place's terms are the cells of a grid, a tenth of a degree wide and high. */
export const cellsPerDegree = 10;

export function cellTerm(latitude: number, longitude: number): string {
  return cellAt(Math.floor((latitude + 90) * cellsPerDegree), Math.floor((longitude + 180) * cellsPerDegree));
}

export function cellAt(row: number, column: number): string {
  return `${termKinds.place}${String(row).padStart(4, "0")}:${String(column).padStart(4, "0")}`;
}
