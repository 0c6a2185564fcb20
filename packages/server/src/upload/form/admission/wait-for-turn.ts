import { SluiceError } from "@sluice/protocol";

/** One that waits in a line. Either ends its wait; the line has let go of it by then. */
export interface Waiter<Turn> {
  admit(turn: Turn): void;
  turnAway(reason: unknown): void;
}

export interface Patience {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits in a line for as long as may be.
 * @param join puts the waiter into the line; what it returns takes it out, and says whether it was still in there
 * @throws SluiceError SERVER_BUSY when the turn did not come in time; the signal's reason when it is aborted
 */
export async function waitForTurn<Turn>(
  join: (waiter: Waiter<Turn>) => () => boolean,
  { waitMs, signal }: Patience,
): Promise<Turn> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Turn>();
  const leave = join({ admit: resolve, turnAway: reject });
  // Out of the line at once: a waiter that has been turned away must not be admitted before it hears of it.
  const turnAway = (reason: unknown): void => {
    if (leave()) reject(reason);
  };
  const timer = setTimeout(() => turnAway(new SluiceError("SERVER_BUSY")), waitMs);
  const onAbort = (): void => turnAway(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
