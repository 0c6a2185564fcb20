import process from "node:process";

/** The same cases in every run, unless SLUICE_FUZZ_SEED is another number, or the word random for new ground. */
export function fuzzParameters(numRuns: number): { numRuns: number; seed?: number } {
  const seed = Number(process.env.SLUICE_FUZZ_SEED ?? 20_260_501);
  return Number.isSafeInteger(seed) ? { numRuns, seed } : { numRuns };
}
