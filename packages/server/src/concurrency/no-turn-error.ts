/** Why one that asked gets no turn: too many wait already, its turn came too late, or nobody gets one any more. */
export type NoTurnReason = "full" | "late" | "closed";

/** One that asked for a turn in a line gets none. Whoever keeps the line tells its own callers what that means. */
export class NoTurnError extends Error {
  override readonly name = "NoTurnError";
  readonly reason: NoTurnReason;

  constructor(reason: NoTurnReason) {
    super(`no turn in the line: ${reason}`);
    this.reason = reason;
  }
}
