import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { JobRules } from "./job-rules.ts";

/** The jobs that run in this process, and how they are brought to an end. */
export class JobRuns {
  readonly #running = new Map<Promise<void>, { readonly name: string; readonly lane: string }>();
  /** Aborted once no more jobs are taken. */
  readonly #stopping = new AbortController();
  /** Aborted when the process can't wait any longer. */
  readonly #ending = new AbortController();

  /**
   * @param run gets a signal that is aborted when the run has to end because the process does; the caller handles its
   *   errors
   */
  add(
    { name, whenStopped, lane = "" }: Pick<JobRules, "whenStopped"> & { readonly name: string; readonly lane?: string },
    run: (ending: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { signal } = whenStopped === "returns" ? this.#stopping : this.#ending;
    const promise = run(signal).finally(() => this.#running.delete(promise));
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

  /**
   * Aborts the running jobs that are to return, and after `patienceMs` those that are left. Waits until all have ended,
   * but not for one that goes on in spite of that. Its lease ends, and then it runs again.
   */
  async end(patienceMs: number): Promise<void> {
    const reason = new Error("the process ends");
    this.#stopping.abort(reason);
    const abort = setTimeout(() => this.#ending.abort(reason), patienceMs);
    try {
      await endedWithin(patienceMs + closeMs, Promise.allSettled(this.#running.keys()));
    } finally {
      clearTimeout(abort);
    }
  }
}
