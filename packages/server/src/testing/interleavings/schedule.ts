import type { Actor } from "./actor.ts";
import { Footprint } from "./footprint.ts";

export interface Director {
  /**
   * @param ready the names of the actors that can go on, in a fixed order
   * @returns the chosen actor's name; undefined when the rest of the run can show nothing new
   */
  choose(ready: readonly string[]): string | undefined;
  /** Receives what the last chosen step has touched. */
  taken(touched: Footprint): void;
}

/**
 * Finds the PostgreSQL processes in `pids` that wait for a lock of one of `among`. A process that waits for another
 * one, such as autovacuum, goes on by itself.
 */
export type FindWaiting = (pids: readonly number[], among: readonly number[]) => Promise<ReadonlySet<number>>;

/** The time that a statement may take before the schedule asks whether it waits for a lock. */
const statementMs = 1;

/**
 * Lets one actor at a time take one step, until all have ended. An actor whose statement waits for another's lock can't
 * be chosen. The step that releases the lock includes the rest of that statement. fast-check's scheduler would hang
 * there, because it waits for the end of one step before it begins another.
 * @returns the interleaving, a line for each step; undefined when the director broke it off
 * @throws Error when all remaining actors wait for each other
 */
export async function runSchedule(
  actors: readonly Actor[],
  director: Director,
  findWaiting: FindWaiting,
): Promise<string[] | undefined> {
  const trace: string[] = [];
  let held: ReadonlySet<Actor> = await settle(actors, findWaiting);
  while (actors.some((actor) => !actor.ended)) {
    const ready = actors.filter((actor) => actor.ready);
    if (ready.length === 0) throw new Error(`nobody can go on:\n${trace.join("\n")}`);
    const name = director.choose(ready.map((actor) => actor.name));
    if (name === undefined) return undefined;
    const chosen = ready.find((actor) => actor.name === name);
    if (chosen === undefined) throw new Error(`${name} can't go on now; the steps before lead to different places`);
    trace.push(`${name}: ${chosen.label}`);
    chosen.letGo();
    const heldBefore = held;
    held = await settle(actors, findWaiting);
    if (held.has(chosen)) trace.push(`    ${name} waits`);
    const touched = new Footprint().include(chosen.touched);
    for (const actor of heldBefore) {
      if (held.has(actor)) continue;
      trace.push(`    ${actor.name} goes on`);
      touched.include(actor.touched);
    }
    director.taken(touched);
  }
  return trace;
}

/** Resolves when every actor has stopped, ended or waits for a lock. @returns the actors that wait */
async function settle(actors: readonly Actor[], findWaiting: FindWaiting): Promise<ReadonlySet<Actor>> {
  for (;;) {
    const moving = actors.filter((actor) => !actor.atRest);
    if (moving.length === 0) return new Set();
    if (await restsSoon(actors)) continue;
    const pids = moving.map((actor) => actor.statementIn).filter((pid) => pid !== undefined);
    if (pids.length < moving.length) continue;
    let rested = false;
    for (const actor of actors) actor.onRest = () => (rested = true);
    const waiting = await findWaiting(
      pids,
      actors.flatMap(({ processes }) => [...processes]),
    );
    // The answer holds for all of them only if no actor has moved meanwhile.
    if (!rested && pids.every((pid) => waiting.has(pid))) return new Set(moving);
  }
}

async function restsSoon(actors: readonly Actor[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  for (const actor of actors) actor.onRest = () => resolve(true);
  const timer = setTimeout(() => resolve(false), statementMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
