export type RunInLane = <Result>(task: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/** Lets so many tasks run at once; the others wait in order, and leave the queue when their signal aborts. */
export function createLanes(count: number): RunInLane {
  let free = count;
  const waiting: Array<() => void> = [];
  return async (task, signal) => {
    signal.throwIfAborted();
    if (free > 0) free--;
    else await turn(waiting, signal);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

function turn(waiting: Array<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = (): void => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(signal.reason);
    };
    waiting.push(enter);
    signal.addEventListener("abort", leave, { once: true });
  });
}
