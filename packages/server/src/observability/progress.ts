/** A long command's reports of its work while it runs. */
export interface Progress {
  /**
   * Begins a step, which replaces the step before.
   * @param unit what is counted, in the plural; `bytes` are shown in larger units
   * @param total how much there is to do, as far as a cheap query tells; it is called only when the progress is shown
   */
  begin(what: string, unit: string, total?: () => Promise<number>): Promise<void>;
  /** @param at what the step works on now */
  advance(amount: number, at?: string): void;
}

/** Shows no progress. */
export const noProgress: Progress = {
  begin: async () => undefined,
  advance: () => undefined,
};
