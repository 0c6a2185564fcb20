/** The jobs that run in this process, and how they are brought to an end. */
export class JobRuns {
  readonly #running = new Map<Promise<void>, { readonly name: string; readonly lane: string }>();
  readonly #ending = new AbortController();

  /**
   * @param run gets a signal that is aborted when the process can't wait for it any longer; the caller handles its
   *   errors
   */
  add(name: string, run: (ending: AbortSignal) => Promise<void>, lane = ""): Promise<void> {
    const promise = run(this.#ending.signal).finally(() => this.#running.delete(promise));
    this.#running.set(promise, { name, lane });
    return promise;
  }

  count(name: string): number {
    return [...this.#running.values()].filter((running) => running.name === name).length;
  }

  countInLanes(name: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const running of this.#running.values()) {
      if (running.name === name) counts.set(running.lane, (counts.get(running.lane) ?? 0) + 1);
    }
    return counts;
  }

  /** Waits for the running jobs, aborts those that are left after `patienceMs`, and waits for these too. */
  async end(patienceMs: number): Promise<void> {
    const abort = setTimeout(() => this.#ending.abort(new Error("the process ends")), patienceMs);
    try {
      await Promise.allSettled(this.#running.keys());
    } finally {
      clearTimeout(abort);
    }
  }
}
