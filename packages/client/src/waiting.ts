import { aborted } from "./upload-error.ts";

/** Returns the result of work that may ignore the signal. Rejects with ABORTED when the signal is aborted. */
export async function unlessAborted<Value>(work: Value | Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(aborted());
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Runs a task with a signal of its own, which is aborted after this many milliseconds. Rejects with ABORTED. */
export async function within<Value>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const own = new AbortController();
  const end = (): void => own.abort();
  const timer = setTimeout(end, ms);
  try {
    return await unlessAborted(task(own.signal), signal);
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** Resolves after this many milliseconds, or when the browser is online again. Rejects with ABORTED. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(resolve, ms);
  globalThis.addEventListener?.("online", resolve);
  try {
    await unlessAborted(promise, signal);
  } finally {
    clearTimeout(timer);
    globalThis.removeEventListener?.("online", resolve);
  }
}

/**
 * Browsers may report that they are offline while a server on the same machine can be reached. Being offline therefore
 * only prolongs the waiting.
 */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Milliseconds before the `attempt`th retry: 1, 2, 4 … 30 s, a quarter more or less. */
export function backoff(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
}
