interface Running<T> {
  readonly outcome: Promise<T>;
  readonly controller: AbortController;
  callers: number;
}

/**
 * Lets callers who ask for the same thing at the same time share the work. The work ends when the last caller goes
 * away.
 */
export class ShareWork<T> {
  readonly #running = new Map<string, Running<T>>();

  /**
   * @param work its signal is aborted once no caller waits any more
   * @throws what the work throws; the signal's reason
   */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.callers += 1;
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([running.outcome, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      running.callers -= 1;
      if (running.callers === 0) {
        this.#forget(key, running);
        running.controller.abort(signal.reason);
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const running: Running<T> = { outcome: work(controller.signal), controller, callers: 0 };
    this.#running.set(key, running);
    // Each caller is told of a failure. When all callers have left, nobody needs to be told.
    running.outcome.catch(() => undefined).finally(() => this.#forget(key, running));
    return running;
  }

  #forget(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}

/**
 * Wraps a task so that callers who wait at the same time share one run of it. A call that arrives during a run gets the
 * next run, because the running one may have begun before it could see the caller's own work.
 */
export function shareRuns(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const run = task().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  }

  async function startAfter(run: Promise<void>): Promise<void> {
    await run.catch(() => undefined);
    next = undefined;
    return start();
  }

  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return start();
    next = startAfter(running);
    return next;
  };
}
