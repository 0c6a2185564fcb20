import type { texts } from "../texts/texts.ts";

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

/** Adds a condition to what was typed, or takes it away. Plain words become a condition on the name first. */
export function toggleFilter(text: string, condition: string): string {
  const parts = text.trim() === "" ? [] : text.trim().split(and);
  if (parts.includes(condition)) return parts.filter((part) => part !== condition).join(and);
  const [only] = parts;
  const isWords = parts.length === 1 && only !== undefined && !/[=<>:[\]()"]/.test(only);
  return [...(isWords ? [`name HAS "${only}"`] : parts), condition].join(and);
}
