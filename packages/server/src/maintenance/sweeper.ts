import type { Services } from "../services.ts";

type SweeperServices = Pick<Services, "config" | "logger" | "spool">;

/** Sweeps this node's own spool, at the start and then regularly; what is everybody's is swept by jobs. */
export class Sweeper {
  readonly #services: SweeperServices;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(services: SweeperServices) {
    this.#services = services;
    this.#timer = setInterval(() => this.#sweep(), services.config.limits.sweepIntervalMs).unref();
    this.#sweep();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    await this.#running;
  }

  #sweep(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { logger, spool } = this.#services;
    try {
      logger.debug(await spool.sweep(this.#abort.signal), "swept the spool");
    } catch (error) {
      if (!this.#abort.signal.aborted)
        logger.error({ err: error }, "sweeping the spool failed; the next one tries again");
    }
  }
}
