import { closest, distance } from "fastest-levenshtein";

/** The known name that was most likely meant by `name`; undefined when none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64 || known.length === 0) return undefined;
  const lower = name.toLowerCase();
  const byLowerCase = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const nearest = closest(lower, [...byLowerCase.keys()]);
  const isClose = distance(lower, nearest) <= Math.max(1, Math.floor(nearest.length / 4));
  return isClose ? byLowerCase.get(nearest) : undefined;
}
