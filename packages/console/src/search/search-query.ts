/** A text with one of these is meant as a query, however wrong it is. Anything else is plain words. */
const operators = /[=<>:[\]()]|\b(?:AND|OR|NOT|IN|HAS|EXISTS)\b/;

export function isQuery(text: string): boolean {
  return operators.test(text);
}

/**
 * Makes a query of the search language from what was typed. Plain words are looked for in names and tags.
 * @param folder the folder, with its subfolders, to which the search is bound
 */
export function searchQueryOf(text: string, folder: string | undefined): string {
  const typed = text.trim();
  const asked = isQuery(typed) ? `(${typed})` : wordsQuery(typed);
  const bound = folder === undefined || folder === "/" ? [] : [`path : ${quoted(folder)}`];
  return [asked, 'type = "file"', ...bound].join(" AND ");
}

/** The condition that finds plain words. */
export function wordsQuery(text: string): string {
  return `(name HAS ${quoted(text)} OR tags HAS ${quoted(text)})`;
}

export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** A mistake in a query. The position counts the characters that were typed, from 0. */
export interface QueryProblem {
  readonly position: number;
  readonly problem: string;
}

/**
 * Reads where a query is wrong from the server's refusal of it.
 * @param before the number of characters that were sent before what was typed
 */
export function queryProblemIn(help: string | undefined, before = 0): QueryProblem | undefined {
  const found = /^At position (\d+): (.+)$/s.exec(help ?? "");
  if (found === null) return undefined;
  return { position: Math.max(0, Number(found[1]) - 1 - before), problem: String(found[2]) };
}
