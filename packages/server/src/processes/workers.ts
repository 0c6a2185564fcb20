import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { RestartPauses } from "../concurrency/restart-pauses.ts";
import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import type { ListeningAt, SupervisorCalls, WorkerStart } from "./calls.ts";
import { WorkerProcess } from "./worker-process.ts";

export interface WorkersOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  readonly calls: SupervisorCalls;
  /** Called when a worker has ended. Another one takes its name. */
  readonly ended: (name: string) => Promise<void>;
}

/** The longest pause between starts of a worker that ends again and again. */
const maxPauseMs = 10_000;
/** The time that a worker may take to end, beyond the limit of its requests. */
const graceMs = 5_000;

/**
 * The processes that answer requests. A worker that ends is replaced, after a pause that grows while its
 * replacements keep ending.
 */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #running = new Map<string, WorkerProcess>();
  readonly #listening = new Set<WorkerProcess>();
  readonly #closing = new AbortController();
  #at: ListeningAt | undefined;
  #kept: readonly Promise<void>[] = [];

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  get running(): readonly WorkerProcess[] {
    return [...this.#running.values()];
  }

  /** Starts all workers, and resolves with the address once they listen. Rejects when one of them can't. */
  async listen(): Promise<string> {
    const names = Array.from({ length: this.#options.config.workers }, (_, index) => String(index + 1));
    const [first, ...others] = names.map((name) => this.#fork(name));
    // One worker listens first. If several waited for an address that can't be had, and closed because of the first
    // one's answer, node:net would throw in a worker whose own answer comes later.
    if (first !== undefined) await this.#listen(first);
    await Promise.all(others.map((worker) => this.#listen(worker)));
    return this.#at?.url ?? "";
  }

  /** Makes all workers open the data. Rejects when one of them can't. */
  async open(): Promise<void> {
    await Promise.all(this.running.map((worker) => worker.open(this.#start())));
  }

  /**
   * Makes all workers answer requests. From now on a worker that ends is replaced, and one that does not serve is
   * ended.
   */
  async serve(): Promise<void> {
    const workers = this.running;
    this.#kept = workers.map((worker) => this.#keep(worker));
    await Promise.all(workers.map((worker) => worker.serve().catch(() => worker.kill())));
  }

  /** Ends all workers, within the limit of a shutdown. */
  async close(): Promise<void> {
    this.#closing.abort();
    const patienceMs = this.#options.config.limits.shutdownMs + graceMs;
    await Promise.all(this.running.map((worker) => worker.end(patienceMs)));
    await Promise.all(this.#kept);
  }

  #fork(name: string): WorkerProcess {
    const worker = new WorkerProcess(name, this.#options.calls);
    this.#running.set(name, worker);
    return worker;
  }

  /** If a free port was asked for, a worker that starts when all others are gone still gets the port they had. */
  #start(): Omit<WorkerStart, "name"> {
    const { config, logLevel } = this.#options;
    const port = this.#listening.size > 0 ? config.port : (this.#at?.port ?? config.port);
    return { config: { ...config, port }, logLevel };
  }

  async #listen(worker: WorkerProcess): Promise<void> {
    const at = await worker.listen(this.#start());
    this.#at ??= at;
    if (at.port !== this.#at.port) throw new Error(`a worker listens on port ${at.port}`);
    this.#listening.add(worker);
  }

  /** The other workers answer requests, so the new one listens only once it can answer them too. */
  async #replace(worker: WorkerProcess): Promise<void> {
    await worker.open(this.#start());
    await worker.serve();
    await this.#listen(worker);
  }

  async #keep(first: WorkerProcess): Promise<void> {
    const { logger, ended } = this.#options;
    const { signal } = this.#closing;
    const pauses = new RestartPauses();
    for (let worker = first; ; worker = this.#fork(first.name)) {
      if (worker !== first) {
        await this.#replace(worker).catch((error: unknown) => {
          if (!signal.aborted) logger.error({ err: error, process: worker.name }, "a worker could not be started");
          worker.kill();
        });
      }
      const how = await worker.exited;
      this.#listening.delete(worker);
      this.#running.delete(worker.name);
      await ended(worker.name);
      if (signal.aborted) return;
      logger.error({ ...how, process: worker.name }, "a worker has ended; another takes its place");
      const pause = pauses.next(performance.now()) ?? maxPauseMs;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}
