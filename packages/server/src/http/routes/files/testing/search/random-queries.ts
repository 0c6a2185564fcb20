import fc, { type Arbitrary } from "fast-check";
import type { LibraryObject } from "./library-object.ts";
import { type Condition, conditionsAbout } from "./random-conditions.ts";

/** Whole queries, with what they mean. */
export function queriesAbout(objects: readonly LibraryObject[]): Arbitrary<Condition> {
  return fc.letrec<{ query: Condition }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: conditionsAbout(objects) },
      {
        weight: 4,
        arbitrary: fc
          .tuple(tie("query"), fc.constantFrom("AND", "or", "And", "OR"), tie("query"), fc.boolean())
          .map(([one, word, other, spaced]) => joined(word, one, other, spaced)),
      },
    ),
  })).query;
}

/** AND binds before OR, so only an OR within an AND needs parentheses. */
function joined(word: string, one: Condition, other: Condition, withParentheses: boolean): Condition {
  const isAnd = word.toUpperCase() === "AND";
  const written = [one, other].map((part) =>
    withParentheses || (isAnd && part.isOr === true) ? `(${part.text})` : part.text,
  );
  return {
    text: written.join(` ${word} `),
    isOr: !isAnd,
    holds: (object, now) =>
      isAnd ? one.holds(object, now) && other.holds(object, now) : one.holds(object, now) || other.holds(object, now),
    asksForType: one.asksForType === true || other.asksForType === true,
  };
}
