import { NoTurnError } from "./no-turn-error.ts";

/** The resolver of one wait in a line. Either call ends the wait, and the line has removed the waiter by then. */
export interface Waiter<Turn> {
  admit(turn: Turn): void;
  turnAway(reason: unknown): void;
}

export interface Patience {
  /** Undefined means no limit. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits in a line, within the limits of `Patience`.
 * @param join puts the waiter into the line; the function that it returns takes the waiter out, and says whether it was
 *   still in the line
 * @throws NoTurnError `late` when the turn did not come in time; the signal's reason when it is aborted; the reason for
 *   which the waiter is turned away
 */
export async function waitForTurn<Turn>(
  join: (waiter: Waiter<Turn>) => () => boolean,
  { waitMs, signal }: Patience,
): Promise<Turn> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Turn>();
  const leave = join({ admit: resolve, turnAway: reject });
  // The waiter leaves the line at once: once turned away, it must not be admitted before it hears of that.
  const giveUp = (reason: unknown): void => {
    if (leave()) reject(reason);
  };
  const timer = waitMs === undefined ? undefined : setTimeout(() => giveUp(new NoTurnError("late")), waitMs);
  const onAbort = (): void => giveUp(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
