import type { Director } from "./schedule.ts";

/**
 * Runs random interleavings, for scenarios with too many to run all.
 * @param play as for `explore`
 * @param least the number that are run even where a busy machine has no time for them
 * @returns how many were run
 */
export async function sample(
  play: (director: Director) => Promise<void>,
  budgetMs: number,
  least: number,
): Promise<number> {
  const end = performance.now() + budgetMs;
  let runs = 0;
  do {
    await play({
      choose: (ready) => ready[Math.floor(Math.random() * ready.length)],
      taken: () => undefined,
    });
    runs++;
  } while (performance.now() < end || runs < least);
  return runs;
}
