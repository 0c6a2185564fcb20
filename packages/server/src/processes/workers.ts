import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import { RestartPauses } from "../restart-pauses.ts";
import type { ListeningAt, SupervisorCalls } from "./calls.ts";
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

  /** Resolves with the address once all of them listen; rejects when one can't. */
  async start(): Promise<string> {
    const names = Array.from({ length: this.#options.config.workers }, (_, index) => String(index + 1));
    const started = await Promise.all(names.map((name) => this.#startFirst(name)));
    this.#kept = started.map((worker) => this.#keep(worker));
    return this.#at?.url ?? "";
  }

  /** Ends all of them, within the limit of a shutdown. */
  async close(): Promise<void> {
    this.#closing.abort();
    const patienceMs = this.#options.config.limits.shutdownMs + graceMs;
    await Promise.all(this.running.map((worker) => worker.end(patienceMs)));
    await Promise.all(this.#kept);
  }

  async #startFirst(name: string): Promise<WorkerProcess> {
    const worker = this.#fork(name);
    await this.#listen(worker);
    return worker;
  }

  #fork(name: string): WorkerProcess {
    const worker = new WorkerProcess(name, this.#options.calls);
    this.#running.set(name, worker);
    return worker;
  }

  /** Where a free port was asked for, a worker that comes when all others are gone still gets the one they had. */
  async #listen(worker: WorkerProcess): Promise<void> {
    const { config, logLevel } = this.#options;
    const port = this.#listening.size > 0 ? config.port : (this.#at?.port ?? config.port);
    const at = await worker.start({ config: { ...config, port }, logLevel });
    this.#at ??= at;
    if (at.port !== this.#at.port) throw new Error(`a worker listens on port ${at.port}`);
    this.#listening.add(worker);
  }

  async #keep(first: WorkerProcess): Promise<void> {
    const { logger, ended } = this.#options;
    const { signal } = this.#closing;
    const pauses = new RestartPauses();
    for (let worker = first; ; worker = this.#fork(first.name)) {
      if (worker !== first) {
        await this.#listen(worker).catch((error: unknown) => {
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
