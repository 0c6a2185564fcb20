/** The reason with which a command's `shutdown` is aborted. */
export class ShutdownRequest extends Error {
  /** Code that waits with a signal may know an abort by this name. */
  override readonly name = "AbortError";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`The process got ${signal}.`);
    this.signal = signal;
  }
}

/** Whether the process was asked to end by a person at a terminal, who does not want to wait for load balancers. */
export function isAskedByPerson(reason: unknown): boolean {
  return reason instanceof ShutdownRequest && reason.signal === "SIGINT";
}
