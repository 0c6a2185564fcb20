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
  /** A worker has ended; another one takes its name. */
  readonly ended: (name: string) => Promise<void>;
}

/** Between starts of a worker that ends again and again. */
const longestPauseMs = 10_000;
/** What a worker may take beyond the requests' own limit to come to its end. */
const graceMs = 5_000;

/** The processes that answer requests. One that ends is replaced, after a pause that grows while it keeps ending. */
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

  /** Starts all of them, and resolves with the address once they listen; rejects when one can't. */
  async listen(): Promise<string> {
    const names = Array.from({ length: this.#options.config.workers }, (_, index) => String(index + 1));
    const [first, ...others] = names.map((name) => this.#fork(name));
    // One at first: when several wait for an address that can't be had, and close because of the first one's answer,
    // node:net throws in a worker whose own answer comes later.
    if (first !== undefined) await this.#listen(first);
    await Promise.all(others.map((worker) => this.#listen(worker)));
    return this.#at?.url ?? "";
  }

  /** Has all of them open the data; rejects when one can't. */
  async open(): Promise<void> {
    await Promise.all(this.running.map((worker) => worker.open(this.#start())));
  }

  /** Has all of them answer requests. From now on one that ends is replaced, and one that does not serve is ended. */
  async serve(): Promise<void> {
    const workers = this.running;
    this.#kept = workers.map((worker) => this.#keep(worker));
    await Promise.all(workers.map((worker) => worker.serve().catch(() => worker.kill())));
  }

  /** Ends all of them, within the limit of a shutdown. */
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

  /** Where a free port was asked for, a worker that comes when all others are gone still gets the one they had. */
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

  /** The others answer requests: the new one listens only once it can do so as well. */
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
      const pause = pauses.next(performance.now()) ?? longestPauseMs;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}
