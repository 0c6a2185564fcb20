import type { Logger } from "pino";

const pauseMs = 60_000;

/** Logs a recurring failure at most once a minute, because a full disk, for example, fails every write. */
export class TroubleLog {
  readonly #logger: Pick<Logger, "error"> | undefined;
  readonly #message: string;
  readonly #now: () => number;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(logger: Pick<Logger, "error"> | undefined, message: string, now = () => performance.now()) {
    this.#logger = logger;
    this.#message = message;
    this.#now = now;
  }

  report(error: unknown): void {
    if (this.#now() < this.#quietUntil) return;
    this.#quietUntil = this.#now() + pauseMs;
    this.#logger?.error({ err: error }, this.#message);
  }
}
