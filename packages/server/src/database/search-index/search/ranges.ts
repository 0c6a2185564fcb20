import type { CustomTests, SearchTests } from "@sluice/grammar";

/* Tests of conditions, by names. */

type Relation = Extract<SearchTests["size"], { readonly kind: "relation" }>;
type Span = Extract<SearchTests["createdAt"], { readonly kind: "spans" }>["spans"][number];
export type Words = Extract<SearchTests["name"], { readonly kind: "words" }>;
export type AnyTest = SearchTests[keyof SearchTests] | CustomTests[keyof CustomTests] | { readonly kind: "exists" };

/** Values from `from` on and before `before`; undefined where the range has no such end. */
export interface Range<Value> {
  readonly from?: Value | undefined;
  readonly before?: Value | undefined;
}

/** The texts that begin with `text`, in the order of code points, which is the order of both databases. */
export function textsBeginning(text: string): Range<string> {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10_ffff) continue;
    // No text has a surrogate.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return { from: text, before: String.fromCodePoint(...points, next) };
  }
  return { from: text };
}

/** The whole numbers in this relation to any number. */
export function wholeNumbers({ operator, value }: Relation): Range<number> {
  if (operator === ">") return { from: within(Math.floor(value) + 1) };
  if (operator === ">=") return { from: within(Math.ceil(value)) };
  return { before: within(operator === "<" ? Math.ceil(value) : Math.floor(value) + 1) };
}

export function spanRange({ from, before }: Span): Range<number> {
  return {
    from: from === undefined ? undefined : within(from),
    before: before === undefined ? undefined : within(before),
  };
}

/** Keeps a bound among the numbers that both databases take for an integer. */
function within(value: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
}
