/** Milliseconds before each start in one window. There are at most as many starts as pauses. */
const pauses = [0, 100, 400, 1600, 3200] as const;
const windowMs = 60_000;

/** Bounds how often something that has ended is started again: starting it doesn't heal what keeps ending. */
export class RestartPauses {
  #starts: number[] = [];

  /**
   * @param now by performance.now()
   * @returns how long to wait before the next start, undefined when there have been too many
   */
  next(now: number): number | undefined {
    this.#starts = this.#starts.filter((start) => now - start < windowMs);
    const pause = pauses[this.#starts.length];
    if (pause !== undefined) this.#starts.push(now);
    return pause;
  }
}
