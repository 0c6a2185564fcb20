import { labels } from "./labels.ts";

export interface ObjectTag {
  readonly name: string;
  /** A number from 0 to 100, with two decimals. */
  readonly confidence: number;
}

/** Columns of a detection, after the four of its box. */
const scoreColumn = 4;
const classColumn = 5;

/**
 * Converts the model's rows `x1, y1, x2, y2, score, class` into tags. Each kind of object appears once, with the
 * highest confidence of its kind, and the most confident comes first. A row without a number or with an unknown class
 * is skipped.
 */
export function tagsOfDetections(rows: readonly (readonly number[])[]): ObjectTag[] {
  const surest = new Map<string, number>();
  for (const row of rows) {
    const name = labels[row[classColumn] ?? -1];
    const score = row[scoreColumn];
    if (name === undefined || score === undefined || !(score > 0)) continue;
    surest.set(name, Math.max(surest.get(name) ?? 0, Math.min(score, 1)));
  }
  return [...surest]
    .map(([name, score]) => ({ name, confidence: Math.round(score * 10_000) / 100 }))
    .sort((one, other) => other.confidence - one.confidence);
}
