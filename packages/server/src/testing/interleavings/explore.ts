import type { Footprint } from "./footprint.ts";
import type { Director } from "./schedule.ts";

interface Decision {
  readonly ready: readonly string[];
  /**
   * The actors whose next step need not be run from here, each with what that step touches. The step has been run from
   * here already, or from an earlier decision, and is apart from all steps since.
   */
  readonly asleep: Map<string, Footprint>;
  chosen: string;
  touched: Footprint | undefined;
}

export interface Exploration {
  /** The number of interleavings that were run. */
  readonly runs: number;
  /** The number of those runs that were broken off, because they could only become equal to an earlier one. */
  readonly redundant: number;
  /** Whether there was time for all interleavings. */
  readonly complete: boolean;
}

/**
 * Runs every interleaving, depth first. Each run starts afresh and repeats the choices of the previous run up to the
 * point where it departs from it. Of the interleavings that differ only in the order of steps that touch nothing in
 * common, one is run (sleep sets: Godefroid, Partial-Order Methods, 1996, chapter 5). fast-check's scheduler only draws
 * orders by lot, so it never knows that it has run them all.
 * @param play plays all actors' parts from the beginning, and throws where an invariant is broken
 */
export async function explore(play: (director: Director) => Promise<void>, budgetMs: number): Promise<Exploration> {
  const path: Decision[] = [];
  const end = performance.now() + budgetMs;
  let runs = 0;
  let redundant = 0;
  do {
    if (runs > 0 && performance.now() > end) return { runs, redundant, complete: false };
    const run = new Run(path);
    await play(run);
    runs++;
    if (run.isRedundant) redundant++;
  } while (depart(path));
  return { runs, redundant, complete: true };
}

/** Goes back to the last choice that has an alternative, and takes it. @returns false when there is none left */
function depart(path: Decision[]): boolean {
  for (let last = path.at(-1); last !== undefined; path.pop(), last = path.at(-1)) {
    if (last.touched !== undefined) last.asleep.set(last.chosen, last.touched);
    const next = last.ready.find((name) => !last.asleep.has(name));
    if (next === undefined) continue;
    last.chosen = next;
    last.touched = undefined;
    return true;
  }
  return false;
}

class Run implements Director {
  readonly #path: Decision[];
  #depth = 0;
  isRedundant = false;

  constructor(path: Decision[]) {
    this.#path = path;
  }

  choose(ready: readonly string[]): string | undefined {
    const known = this.#path[this.#depth];
    if (known !== undefined && known.ready.join() !== ready.join()) {
      throw new Error(`the same steps left ${known.ready.join(", ")} ready, and now ${ready.join(", ")}`);
    }
    const decision = known ?? this.#decide(ready);
    this.#depth++;
    this.isRedundant = decision === undefined;
    return decision?.chosen;
  }

  taken(touched: Footprint): void {
    const decision = this.#path[this.#depth - 1];
    if (decision !== undefined) decision.touched = touched;
  }

  #decide(ready: readonly string[]): Decision | undefined {
    const before = this.#path[this.#depth - 1];
    const asleep = new Map(before?.asleep);
    for (const [name, touches] of asleep) {
      if (before?.touched === undefined || !touches.isApartFrom(before.touched)) asleep.delete(name);
    }
    const chosen = ready.find((name) => !asleep.has(name));
    if (chosen === undefined) return undefined;
    const decision = { ready, asleep, chosen, touched: undefined };
    this.#path.push(decision);
    return decision;
  }
}
