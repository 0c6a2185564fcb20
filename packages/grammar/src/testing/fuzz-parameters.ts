import process from "node:process";

/**
 * Runs the same cases every time. SLUICE_FUZZ_SEED selects other cases by a number, or new ones in each run by the word
 * `random`.
 */
export function fuzzParameters(numRuns: number): { numRuns: number; seed?: number } {
  const seed = Number(process.env.SLUICE_FUZZ_SEED ?? 20_260_501);
  return Number.isSafeInteger(seed) ? { numRuns, seed } : { numRuns };
}
