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
