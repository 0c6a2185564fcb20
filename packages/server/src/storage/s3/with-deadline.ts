/** The work was not done in time. */
export class DeadlineError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Runs the work with a signal that aborts at the deadline or with the caller's own signal. Once the work is done, the
 * signal stays as it is, because the work's result, perhaps a stream, lives on.
 * @throws DeadlineError, or the caller's reason, whatever error the work itself ended with
 */
export async function withDeadline<Result>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DeadlineError(`no answer within ${milliseconds} ms`)),
    milliseconds,
  );
  signal?.addEventListener("abort", follow);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", follow);
  }
}

/** A signal that follows another signal after a while, so that current work can come to its end. */
export function lingering(signal: AbortSignal | undefined, milliseconds: number): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const follow = (): void => {
    timer = setTimeout(() => controller.abort(signal?.reason), milliseconds);
  };
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", follow);
    },
  };
}
