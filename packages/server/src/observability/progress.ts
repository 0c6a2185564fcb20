/** What a long command tells of its work while it runs. */
export interface Progress {
  /**
   * Begins a step, which takes the place of the one before.
   * @param unit what is counted, in the plural; `bytes` are shown in larger units
   * @param total how much there is to do, as far as a cheap query tells; nothing is asked unless somebody watches
   */
  begin(what: string, unit: string, total?: () => Promise<number>): Promise<void>;
  /** @param at what the step works on now */
  advance(amount: number, at?: string): void;
}

/** For work that nobody watches. */
export const noProgress: Progress = {
  begin: async () => undefined,
  advance: () => undefined,
};
