import type { Services } from "../services.ts";
import { sweep } from "./sweep.ts";

/** Sweeps at the start and then regularly, one sweep at a time. */
export class Sweeper {
  readonly #services: Services;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(services: Services) {
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
    const { logger } = this.#services;
    try {
      logger.debug(await sweep(this.#services, this.#abort.signal), "swept");
    } catch (error) {
      if (!this.#abort.signal.aborted) logger.error({ err: error }, "the sweep failed; the next one tries again");
    }
  }
}
