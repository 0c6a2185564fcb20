import { type Deviation, deviations } from "./deviations.ts";

interface Difference {
  readonly kind: Deviation["kind"];
  readonly fact: string;
}

export interface Comparison {
  readonly explained: readonly (Difference & { readonly deviation: Deviation })[];
  readonly unexplained: readonly Difference[];
  /** The rows of the table that explain nothing. */
  readonly idle: readonly Deviation[];
}

/** Compares the facts of the vendor's document with those of ours, and looks each difference up in the table. */
export function compareFacts(theirs: readonly string[], ours: readonly string[]): Comparison {
  const all: readonly Difference[] = [
    ...only(theirs, ours).map((fact) => ({ kind: "missing" as const, fact })),
    ...only(ours, theirs).map((fact) => ({ kind: "added" as const, fact })),
  ];
  const looked = all.map((difference) => ({
    ...difference,
    deviation: deviations.find(({ kind, facts }) => kind === difference.kind && facts.test(difference.fact)),
  }));
  const explained = looked.filter((entry): entry is typeof entry & { deviation: Deviation } => !!entry.deviation);
  const used = new Set(explained.map(({ deviation }) => deviation));
  return {
    explained,
    unexplained: looked.filter(({ deviation }) => deviation === undefined),
    idle: deviations.filter((deviation) => !used.has(deviation)),
  };
}

/** The facts that the others lack. What is said about an operation or a member that they lack goes without saying. */
function only(facts: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  const lacking = facts.filter((fact) => !known.has(fact));
  const whole = new Set(lacking);
  return lacking.filter((fact) => {
    const [subject = ""] = fact.split(" · ", 1);
    const parent = /^(.*)\.[\w-]+$/.exec(fact)?.[1];
    return (fact === subject || !whole.has(subject)) && !(parent !== undefined && whole.has(parent));
  });
}
