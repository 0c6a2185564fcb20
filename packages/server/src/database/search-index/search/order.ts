import type { Criteria } from "./criteria.ts";

export type SortKey = "NAME" | "CREATED" | "UPDATED" | "HEIGHT" | "WIDTH" | "SIZE" | "RELEVANCE";
export type Direction = "asc" | "desc";

export interface Sort {
  readonly key: SortKey;
  readonly direction: Direction;
}

export type SortColumn = "name" | "created_at" | "updated_at" | "height" | "width" | "size";

export const sortColumns = {
  NAME: "name",
  CREATED: "created_at",
  UPDATED: "updated_at",
  HEIGHT: "height",
  WIDTH: "width",
  SIZE: "size",
  RELEVANCE: "created_at",
} as const satisfies Record<SortKey, SortColumn>;

/** A place in an order: an object's key, its id and its scope, after which or before which one may go on. */
export interface Position {
  readonly phase: number;
  readonly key: string | number | null;
  readonly id: string;
  readonly scope: 0 | 1;
}

/**
 * A part of an order that an index has in its own order. The objects without the sort's value come after all others, in
 * both directions, since the databases place nulls differently.
 */
export interface Phase {
  readonly number: number;
  readonly column: SortColumn;
  /** The keys that belong to it. */
  readonly keys: "all" | "some" | "null";
  readonly criteria: Criteria;
}

const nullable: ReadonlySet<SortKey> = new Set(["HEIGHT", "WIDTH", "SIZE"]);

/** The phases of an order, in the order in which a list shows them. */
export function phasesOf({ key, direction }: Sort, criteria: Criteria): Phase[] {
  const column = sortColumns[key];
  if (key === "RELEVANCE") {
    const byDistance = phasesByDistance(criteria);
    if (byDistance !== undefined) return direction === "desc" ? byDistance : byDistance.toReversed();
    const [whole, others] = byRelevance(criteria);
    if (whole === undefined) return [{ number: 0, column, keys: "all", criteria }];
    const phases: Phase[] = [
      { number: 0, column, keys: "all", criteria: whole },
      { number: 1, column, keys: "all", criteria: others },
    ];
    return direction === "desc" ? phases : phases.toReversed();
  }
  if (!nullable.has(key)) return [{ number: 0, column, keys: "all", criteria }];
  return [
    { number: 0, column, keys: "some", criteria },
    { number: 1, column, keys: "null", criteria },
  ];
}

/** The place of a phase among those of a list, as the list shows them. */
export function rankOf({ key, direction }: Sort, phase: number): number {
  return key === "RELEVANCE" && direction === "asc" ? -phase : phase;
}

/** The most similar pictures are the most relevant ones: each distance is a phase of its own. */
function phasesByDistance(criteria: Criteria): Phase[] | undefined {
  const operands = criteria.kind === "and" ? criteria.operands : [criteria];
  const similar = operands.find((operand) => operand.kind === "condition" && operand.field === "similar");
  if (similar?.kind !== "condition" || similar.field !== "similar") return undefined;
  const others = operands.filter((operand) => operand !== similar);
  return similar.groups.map((group) => {
    const narrowed: Criteria = { kind: "and", operands: [{ ...similar, groups: [group] }, ...others] };
    return { number: group.distance, column: sortColumns.RELEVANCE, keys: "all", criteria: narrowed };
  });
}

/**
 * Splits the criteria of a search for words in two. An object is more relevant if it has the last word as a whole word,
 * and not only as the beginning of one.
 */
function byRelevance(criteria: Criteria): [whole: Criteria, others: Criteria] | [undefined] {
  const whole = wholeWords(criteria);
  if (whole.length === 0) return [undefined];
  const all: Criteria = { kind: "and", operands: whole };
  const some: Criteria = { kind: "or", operands: whole.map(negated) };
  return [
    { kind: "and", operands: [criteria, all] },
    { kind: "and", operands: [criteria, some] },
  ];
}

/** The conditions that make the last words of the query's searches for words whole. */
function wholeWords(criteria: Criteria): Exclude<Criteria, { readonly kind: "and" | "or" }>[] {
  if (criteria.kind !== "condition") return criteria.operands.flatMap(wholeWords);
  if (criteria.negated || !("test" in criteria) || criteria.test.kind !== "words") return [];
  const { whole, beginning } = criteria.test;
  return [{ ...criteria, test: { kind: "words", whole: [...whole, beginning], beginning } } as typeof criteria];
}

function negated<Condition extends Criteria>(condition: Condition): Criteria {
  return { ...condition, negated: true } as Criteria;
}
