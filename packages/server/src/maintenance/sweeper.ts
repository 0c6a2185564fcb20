import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { sweepDerivedFolder } from "./sweep-derived.ts";

type SweeperServices = Pick<MaintenanceDeps, "config" | "database" | "derived" | "logger" | "spool">;

/** Sweeps this node's own spool and cache, at the start and then regularly. Jobs sweep everything that nodes share. */
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

  /** Waits until the sweep that is under way has given up, but not for a database that hangs. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    if (this.#running !== undefined) await endedWithin(closeMs, this.#running);
  }

  #sweep(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { spool } = this.#services;
    await this.#try("the spool", () => spool.sweep(this.#abort.signal));
    await this.#try("the derived images", () => sweepDerivedFolder(this.#services, this.#abort.signal));
  }

  async #try(what: string, sweep: () => Promise<object | undefined>): Promise<void> {
    const { logger } = this.#services;
    try {
      logger.debug((await sweep()) ?? {}, `swept ${what}`);
    } catch (error) {
      if (!this.#abort.signal.aborted)
        logger.error({ err: error }, `sweeping ${what} failed; the next sweep tries again`);
    }
  }
}
