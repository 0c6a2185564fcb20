import type { texts } from "../texts/texts.ts";
import { isQuery, quoted, wordsQuery } from "./search-query.ts";

type Group = "type" | "size" | "date" | "visibility";

interface Choice {
  readonly name: keyof typeof texts.search.chips;
  readonly condition: string;
}

/** Conditions that people often want, each as it stands in the query. Of a group one is on at a time. */
export const filters = {
  type: [
    { name: "images", condition: 'format IN ["jpg", "png", "webp", "gif", "avif", "svg", "ico"]' },
    { name: "videos", condition: 'format IN ["mp4", "mov", "webm"]' },
    { name: "documents", condition: 'format IN ["pdf", "txt"]' },
  ],
  size: [
    { name: "small", condition: 'size < "100kb"' },
    { name: "large", condition: 'size > "1mb"' },
    { name: "huge", condition: 'size > "10mb"' },
  ],
  date: [
    { name: "day", condition: 'createdAt > "24h"' },
    { name: "week", condition: 'createdAt > "7d"' },
    { name: "month", condition: 'createdAt > "30d"' },
    { name: "year", condition: 'createdAt > "1y"' },
  ],
  visibility: [
    { name: "public", condition: "private = false" },
    { name: "private", condition: "private = true" },
    { name: "draft", condition: "published = false" },
  ],
} as const satisfies { readonly [name in Group]: readonly Choice[] };

/** The groups in their order. */
export const filterGroups = Object.keys(filters) as readonly Group[];

export function tagCondition(tag: string): string {
  return `tags IN [${quoted(tag)}]`;
}

/** The tag that a condition of the filter asks for. */
export function tagOf(condition: string): string | undefined {
  return /^tags IN \["((?:[^"\\]|\\.)*)"\]$/s.exec(condition)?.[1]?.replace(/\\(.)/gs, "$1");
}

const and = " AND ";

/**
 * Splits a query into the conditions that all have to hold. Conditions within texts, within parentheses, or beside an OR
 * are part of a larger one.
 */
export function partsOf(text: string): readonly string[] {
  if (isEither(text)) return [text];
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

/** Whether a condition has to hold. */
export function filterOf(text: string, condition: string): boolean {
  return partsOf(text).includes(condition);
}

/**
 * Has conditions hold besides what was typed. Plain words become the condition that finds them first.
 * @param isReplaced whether the new conditions stand in for a condition
 */
export function withConditions(
  text: string,
  isReplaced: (condition: string) => boolean,
  conditions: readonly string[],
): string {
  const kept = partsOf(text.trim())
    .filter((part) => !isReplaced(part))
    .join(and);
  if (kept === "" || conditions.length === 0) return kept + conditions.join(and);
  if (!isQuery(kept)) return [wordsQuery(kept), ...conditions].join(and);
  // AND binds tighter than OR.
  return [isEither(kept) ? `(${kept})` : kept, ...conditions].join(and);
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
