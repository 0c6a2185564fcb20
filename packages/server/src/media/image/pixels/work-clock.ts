/** The shortest time between two looks at a clock that may stand still, in milliseconds. */
const minPauseMs = 20;

/**
 * Counts the time for which something is worked on. Waiting for a turn doesn't count: a machine that is busy is not the
 * picture's fault.
 */
export class WorkClock {
  #counted = 0;
  #began: number | undefined;

  /** The time that was counted so far, in milliseconds. */
  get ms(): number {
    return this.#counted + (this.#began === undefined ? 0 : performance.now() - this.#began);
  }

  /** Adds time that another clock has counted. */
  add(milliseconds: number): void {
    this.#counted += milliseconds;
  }

  /** Counts the time that the work takes. It must not be called again before the work has ended. */
  async count<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#began = performance.now();
    try {
      return await work();
    } finally {
      this.#counted = this.ms;
      this.#began = undefined;
    }
  }

  /**
   * Calls back once so much more time has been counted.
   * @returns a function that ends the watch
   */
  watch(milliseconds: number, onUp: () => void): () => void {
    const end = this.ms + milliseconds;
    let timer: NodeJS.Timeout;
    const look = (): void => {
      const left = end - this.ms;
      if (left > 0) timer = setTimeout(look, Math.max(left, minPauseMs));
      else onUp();
    };
    timer = setTimeout(look, milliseconds);
    return () => clearTimeout(timer);
  }
}
