import type { texts } from "../texts/texts.ts";
import { isQuery, quoted, wordsQuery } from "./search-query.ts";

type Group = "type" | "size" | "date" | "visibility";

interface Filter {
  readonly group: Group;
  readonly name: keyof typeof texts.search.chips;
  readonly condition: string;
}

/** Conditions that people often want, each as it stands in the query. Of a group one is on at a time. */
export const filters = [
  { group: "type", name: "images", condition: 'format IN ["jpg", "png", "webp", "gif", "avif", "svg", "ico"]' },
  { group: "type", name: "videos", condition: 'format IN ["mp4", "mov", "webm"]' },
  { group: "type", name: "documents", condition: 'format IN ["pdf", "txt"]' },
  { group: "size", name: "small", condition: 'size < "100kb"' },
  { group: "size", name: "large", condition: 'size > "1mb"' },
  { group: "size", name: "huge", condition: 'size > "10mb"' },
  { group: "date", name: "day", condition: 'createdAt > "24h"' },
  { group: "date", name: "week", condition: 'createdAt > "7d"' },
  { group: "date", name: "month", condition: 'createdAt > "30d"' },
  { group: "date", name: "year", condition: 'createdAt > "1y"' },
  { group: "visibility", name: "public", condition: "private = false" },
  { group: "visibility", name: "private", condition: "private = true" },
  { group: "visibility", name: "draft", condition: "published = false" },
] as const satisfies readonly Filter[];

/** The groups of chips in their order. */
export const filterGroups: readonly Group[] = ["type", "size", "date", "visibility"];

export function tagCondition(tag: string): string {
  return `tags IN [${quoted(tag)}]`;
}

const and = " AND ";

/** Splits a query at the places where every part has to hold: outside of texts and of parentheses. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, isText, start] = [0, false, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isText && character === "\\") at++;
    else if (character === '"') isText = !isText;
    else if (isText) continue;
    else if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (depth === 0 && text.startsWith(and, at)) {
      parts.push(text.slice(start, at));
      start = at + and.length;
      at = start - 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim()).filter((part) => part !== "");
}

export function filterOf(text: string, condition: string): boolean {
  return partsOf(text).includes(condition);
}

/**
 * Adds a condition to what was typed, or takes it away. Plain words become the condition that finds them first.
 * @param others conditions whose place it takes
 */
export function toggleFilter(text: string, condition: string, others: readonly string[] = []): string {
  const typed = text.trim();
  const parts = partsOf(typed);
  if (parts.includes(condition)) return parts.filter((part) => part !== condition).join(and);
  const kept = parts.filter((part) => !others.includes(part)).join(and);
  if (kept === "") return condition;
  if (!isQuery(kept)) return [wordsQuery(kept), condition].join(and);
  // AND binds tighter than OR.
  return [isEither(kept) ? `(${kept})` : kept, condition].join(and);
}

/** Whether the whole of a query is several, of which one is enough. */
function isEither(query: string): boolean {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  let inner = bare;
  for (let before = ""; inner !== before; ) {
    before = inner;
    inner = inner.replace(/\([^()]*\)/g, "");
  }
  return /\bOR\b/i.test(inner);
}
