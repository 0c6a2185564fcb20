import type { texts } from "../texts/texts.ts";
import { isQuery, wordsQuery } from "./search-query.ts";

interface Filter {
  readonly name: keyof typeof texts.search;
  readonly condition: string;
}

/** Conditions that people often want, each as it stands in the query. */
export const filters = [
  { name: "images", condition: 'format IN ["jpg", "png", "webp", "gif", "avif", "svg", "heic", "tiff"]' },
  { name: "videos", condition: 'format IN ["mp4", "mov", "webm"]' },
  { name: "large", condition: 'size > "1mb"' },
  { name: "recent", condition: 'createdAt > "7d"' },
  { name: "private", condition: "private = true" },
  { name: "draft", condition: "published = false" },
] as const satisfies readonly Filter[];

const and = " AND ";

export function filterOf(text: string, condition: string): boolean {
  return text.split(and).includes(condition);
}

/** Adds a condition to what was typed, or takes it away. Plain words become the condition that finds them first. */
export function toggleFilter(text: string, condition: string): string {
  const typed = text.trim();
  const parts = typed === "" ? [] : typed.split(and);
  if (parts.includes(condition)) return parts.filter((part) => part !== condition).join(and);
  if (parts.length === 0) return condition;
  if (!isQuery(typed)) return [wordsQuery(typed), condition].join(and);
  // AND binds tighter than OR.
  return [/\bOR\b/i.test(typed) ? `(${typed})` : typed, condition].join(and);
}
