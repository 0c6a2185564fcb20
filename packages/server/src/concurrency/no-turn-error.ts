/** The reason why no turn is given: too many wait already, the turn came too late, or no turns are given any more. */
export type NoTurnReason = "full" | "late" | "closed";

/** A turn in a line was refused. The line's owner tells its callers what that means. */
export class NoTurnError extends Error {
  override readonly name = "NoTurnError";
  readonly reason: NoTurnReason;

  constructor(reason: NoTurnReason) {
    super(`no turn in the line: ${reason}`);
    this.reason = reason;
  }
}
