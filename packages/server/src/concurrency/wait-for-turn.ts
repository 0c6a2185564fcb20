import { NoTurnError } from "./no-turn-error.ts";

/** One that waits in a line. Either call ends its wait; the line has let go of it by then. */
export interface Waiter<Turn> {
  admit(turn: Turn): void;
  turnAway(reason: unknown): void;
}

export interface Patience {
  /** Undefined waits for ever. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits in a line for as long as may be.
 * @param join puts the waiter into the line; what it returns takes it out, and says whether it was still in there
 * @throws NoTurnError `late` when the turn did not come in time; the signal's reason when it is aborted; what it is
 * turned away for
 */
export async function waitForTurn<Turn>(
  join: (waiter: Waiter<Turn>) => () => boolean,
  { waitMs, signal }: Patience,
): Promise<Turn> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Turn>();
  const leave = join({ admit: resolve, turnAway: reject });
  // Out of the line at once: a waiter that has been turned away must not be admitted before it hears of it.
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
