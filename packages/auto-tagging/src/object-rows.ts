import { type FoundObject, placeOf } from "./found.ts";
import { labels } from "./labels.ts";

export interface ObjectTag {
  readonly name: string;
  /** A number from 0 to 100, with two decimals. */
  readonly confidence: number;
}

/** A row of the object model: `x1, y1, x2, y2, score, class`. The corners are in pixels of the model's input picture. */
export type ObjectRow = readonly number[];

/** Columns of a row, after the four of its box. */
const scoreColumn = 4;
const classColumn = 5;

/**
 * The lowest confidence of an object whose place is told. On photographs the model gives clearly visible objects 0.35
 * to 0.7, and most of what it finds below 0.3 isn't there.
 */
const minPlacedConfidence = 0.3;

/**
 * Converts the model's rows into tags. Each kind of object appears once, with the highest confidence of its kind, and
 * the most confident comes first. A row without a number or with an unknown class is skipped.
 */
export function tagsOfRows(rows: readonly ObjectRow[]): ObjectTag[] {
  const surest = new Map<string, number>();
  for (const row of rows) {
    const { name, score } = readRow(row) ?? {};
    if (name !== undefined && score !== undefined) surest.set(name, Math.max(surest.get(name) ?? 0, score));
  }
  return [...surest]
    .map(([name, score]) => ({ name, confidence: Math.round(score * 10_000) / 100 }))
    .sort((one, other) => other.confidence - one.confidence);
}

/** Converts the model's rows into the objects that are likely there, the most confident first. */
export function objectsOfRows(rows: readonly ObjectRow[], side: number): FoundObject[] {
  return rows
    .flatMap((row) => {
      const { name, score } = readRow(row) ?? {};
      const [x1 = Number.NaN, y1 = Number.NaN, x2 = Number.NaN, y2 = Number.NaN] = row;
      const place = placeOf([x1 / side, y1 / side, x2 / side, y2 / side]);
      if (name === undefined || score === undefined || place === undefined) return [];
      return score >= minPlacedConfidence ? [{ name, confidence: score, ...place }] : [];
    })
    .sort((one, other) => other.confidence - one.confidence);
}

function readRow(row: ObjectRow): { readonly name: (typeof labels)[number]; readonly score: number } | undefined {
  const name = labels[row[classColumn] ?? -1];
  const score = row[scoreColumn];
  if (name === undefined || score === undefined || !(score > 0)) return undefined;
  return { name, score: Math.min(score, 1) };
}
