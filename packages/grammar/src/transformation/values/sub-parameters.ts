/**
 * Splits `bl-15_st-40_x-N5`. Values may contain `_`, so a new part begins only at a known key followed by `-`.
 * @returns undefined when the text doesn't begin with a known key; if a key is repeated, its last value counts
 */
export function readSubParameters<Key extends string>(
  text: string,
  keys: readonly Key[],
): ReadonlyMap<Key, string> | undefined {
  const parts = new Map<Key, string[]>();
  let current: string[] | undefined;
  for (const word of text.split("_")) {
    const dash = word.indexOf("-");
    const key = keys.find((known) => known === word.slice(0, Math.max(dash, 0)));
    if (key === undefined) {
      if (current === undefined) return undefined;
      current.push(word);
    } else {
      current = [word.slice(dash + 1)];
      parts.set(key, current);
    }
  }
  return new Map([...parts].map(([key, words]) => [key, words.join("_")]));
}
