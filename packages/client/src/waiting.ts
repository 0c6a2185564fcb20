import { aborted } from "./upload-error.ts";

/** Resolves after so many milliseconds, or when the browser is online again; rejects with ABORTED. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(aborted());
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", onAbort);
  globalThis.addEventListener?.("online", resolve as () => void);
  try {
    if (signal.aborted) throw aborted();
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    globalThis.removeEventListener?.("online", resolve as () => void);
  }
}

/** Runs a task that is aborted with the signal, or after so many milliseconds. */
export async function within<Value>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const own = new AbortController();
  const onAbort = (): void => own.abort();
  const timer = setTimeout(onAbort, ms);
  signal.addEventListener("abort", onAbort);
  try {
    if (signal.aborted) throw aborted();
    return await task(own.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    own.abort();
  }
}

/** Browsers may say that they are offline when a server on the same machine is in reach: so it only lengthens patience. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Milliseconds before the `attempt`th repetition: 1, 2, 4 … 30 s, a quarter more or less. */
export function backoff(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
}
