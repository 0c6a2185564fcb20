import { parameterNames } from "../upload-parameters.ts";
import { quote } from "./refusal.ts";

/**
 * Refuses a name that is one slip away from a documented parameter. A policy may name parameters of its own, but
 * `refuse: ["fodler"]` would let a client name the folder, and `force: { fodler: "/a" }` would force nothing.
 * @throws {TypeError} naming the parameter that was probably meant
 */
export function assertNoTypo(name: string): void {
  if (parameterNames.includes(name)) return;
  const meant = parameterNames.find((candidate) => isOneSlip(name.toLowerCase(), candidate.toLowerCase()));
  if (meant !== undefined) {
    throw new TypeError(`policy names ${quote(name)}, which is no upload parameter: did you mean ${meant}?`);
  }
}

/** Whether at most one letter is added, left out or changed, or two that stand side by side are swapped. */
function isOneSlip(one: string, other: string): boolean {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const [a, b] = [one.slice(same), other.slice(same)];
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || isSwapped;
}
