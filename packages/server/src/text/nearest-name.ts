import { closest, distance } from "fastest-levenshtein";

/** The known name that was most likely meant by `name`; undefined when none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64 || known.length === 0) return undefined;
  const lower = name.toLowerCase();
  const byLowerCase = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const candidates = [...byLowerCase.keys()];
  const swapped = candidates.find((candidate) => isSwapped(lower, candidate));
  if (swapped !== undefined) return byLowerCase.get(swapped);
  const nearest = closest(lower, candidates);
  const isClose = distance(lower, nearest) <= Math.max(1, Math.floor(nearest.length / 4));
  return isClose ? byLowerCase.get(nearest) : undefined;
}

/** Whether two letters that stand side by side have changed places, which is one slip but two edits. */
function isSwapped(name: string, candidate: string): boolean {
  const letters = [...name];
  const at = letters.findIndex((letter, index) => letter !== candidate[index]);
  letters.splice(at, 2, letters[at + 1] ?? "", letters[at] ?? "");
  return letters.join("") === candidate;
}
