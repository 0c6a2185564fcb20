/** One batch of cases. The same seed makes the same cases. */
export interface FuzzBatch {
  readonly seed: number;
  readonly numRuns: number;
}

/** A part of the upload path, with the inputs that it is given. */
export interface FuzzTarget {
  readonly name: string;
  /** The target's weight: it gets this part of the sum of all targets' shares. */
  readonly share: number;
  /** Throws for the first case that breaks what the target promises, with its seed and the smallest input found. */
  check(batch: FuzzBatch): void | Promise<void>;
}

/** The seed of every run unless SLUICE_FUZZ_SEED says otherwise: a number, or `random` for new ground. */
export function chooseSeed(environment = process.env.SLUICE_FUZZ_SEED): number {
  if (environment === undefined || environment === "") return 20_260_501;
  const seed = environment === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(environment);
  if (!Number.isSafeInteger(seed)) throw new Error("SLUICE_FUZZ_SEED must be a whole number, or the word random");
  return seed;
}
