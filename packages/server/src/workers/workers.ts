import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { RestartPauses } from "../concurrency/restart-pauses.ts";
import type { MediaProcesses } from "../media/processes/media-processes.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import type { ListeningAt, OwnCalls } from "./calls.ts";
import { WorkerProcess, type WorkerSettings } from "./worker-process.ts";

/** A worker's process, of which a test has its own kind. */
type Worker = Pick<WorkerProcess, keyof WorkerProcess>;

export interface WorkersOptions {
  readonly settings: WorkerSettings;
  readonly logger: Logger;
  readonly calls: OwnCalls;
  /** The machine's processes that decode, once they are open. */
  readonly media: () => MediaProcesses;
  /** Called with the last measurement of a worker that is about to end. */
  readonly measured: (name: string, metrics: readonly MeasuredMetric[]) => void;
  /** Called when a worker has ended. Another one may get its name. */
  readonly ended: (name: string) => Promise<void>;
  readonly fork?: (name: string, calls: OwnCalls) => Worker;
}

/** The longest pause between starts of a worker that ends again and again. */
const maxPauseMs = 10_000;
/** The time that a worker may take to end, beyond the limit of its requests. */
const graceMs = 5_000;
/**
 * The time for which a worker that is replaced keeps idle connections. A client in the middle of its work sends its next
 * request within this time, and is told to connect anew.
 */
const idleMs = 3_000;

/**
 * The processes that answer requests. A worker that ends is replaced, after a pause that grows while its
 * replacements keep ending. All of them can be replaced by new processes, one after the other.
 */
export class Workers {
  readonly #options: WorkersOptions;
  #settings: WorkerSettings;
  readonly #running = new Map<string, Worker>();
  readonly #listening = new Set<Worker>();
  /** The workers that are replaced on purpose: nothing has to take their place when they end. */
  readonly #retired = new Set<Worker>();
  readonly #closing = new AbortController();
  #at: ListeningAt | undefined;
  readonly #kept = new Set<Promise<void>>();
  #restarting: Promise<void> | undefined;

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  get running(): readonly Worker[] {
    return [...this.#running.values()];
  }

  /** Starts all workers, and resolves once they listen. Rejects when one of them can't. */
  async listen(): Promise<ListeningAt> {
    const [first, ...others] = Array.from({ length: this.#settings.config.workers }, () => this.#fork());
    // One worker listens first. If several waited for an address that can't be had, and closed because of the first
    // one's answer, node:net would throw in a worker whose own answer comes later.
    if (first !== undefined) await this.#listen(first, this.#settings);
    await Promise.all(others.map((worker) => this.#listen(worker, this.#settings)));
    if (this.#at === undefined) throw new Error("there are no workers that could listen");
    return this.#at;
  }

  /** Makes all workers open the data, by this configuration from now on. Rejects when one of them can't. */
  async open(config = this.#settings.config): Promise<void> {
    this.#settings = { ...this.#settings, config };
    await Promise.all(this.running.map((worker) => worker.open(this.#placed(this.#settings))));
  }

  /**
   * Makes all workers answer requests. From now on a worker that ends is replaced, and one that does not serve is
   * ended.
   */
  async serve(): Promise<void> {
    const workers = this.running;
    for (const worker of workers) this.#keep(worker);
    await Promise.all(workers.map((worker) => worker.serve().catch(() => worker.kill())));
  }

  /** Makes all workers tell load balancers that the server drains. */
  async leave(): Promise<void> {
    await Promise.all(this.running.map((worker) => worker.leave().catch(() => undefined)));
  }

  /**
   * Replaces the workers one after the other. Each new one answers requests before an old one takes no more. Rejects
   * when a new one can't be started: the old one stays, as do those that were not replaced yet.
   */
  restart(settings: WorkerSettings): Promise<void> {
    if (this.#restarting !== undefined) return Promise.reject(new Error("the workers are being restarted already"));
    this.#restarting = this.#replaceAll(settings).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** Ends all workers, within the limit of a shutdown. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(
      this.running.map(async (worker) => {
        await worker.drain(this.#patienceMs, 0);
        await worker.end();
      }),
    );
    await this.#restarting?.catch(() => undefined);
    await Promise.all(this.#kept);
  }

  get #patienceMs(): number {
    return this.#settings.config.limits.shutdownMs + graceMs;
  }

  /** Starts a worker under the lowest number that no running one has. */
  #fork(): Worker {
    let number = 1;
    while (this.#running.has(String(number))) number++;
    const { calls, media, fork = (name) => new WorkerProcess(name, calls, media) } = this.#options;
    const worker = fork(String(number), calls);
    this.#running.set(worker.name, worker);
    return worker;
  }

  /** If a free port was asked for, a worker that starts when all others are gone still gets the port they had. */
  #placed({ config, ...others }: WorkerSettings): WorkerSettings {
    const port = this.#listening.size > 0 ? config.port : (this.#at?.port ?? config.port);
    return { ...others, config: { ...config, port } };
  }

  async #listen(worker: Worker, settings: WorkerSettings): Promise<void> {
    const at = await worker.listen(this.#placed(settings));
    this.#at ??= at;
    if (at.port !== this.#at.port) throw new Error(`a worker listens on port ${at.port}`);
    this.#listening.add(worker);
  }

  /** The other workers answer requests, so the new one listens only once it can answer them too. */
  async #join(worker: Worker, settings: WorkerSettings): Promise<void> {
    try {
      await worker.open(this.#placed(settings));
      await worker.serve();
      await this.#listen(worker, settings);
    } catch (error) {
      worker.kill();
      throw error;
    }
  }

  async #replaceAll(settings: WorkerSettings): Promise<void> {
    for (const old of this.running) {
      // A worker that has ended by itself meanwhile is replaced anyway.
      if (this.#closing.signal.aborted || this.#running.get(old.name) !== old) continue;
      const worker = this.#fork();
      const former = this.#settings;
      // If the old one ends while the new one starts, the new one takes its place. One that takes the place of another
      // has the new settings as well.
      this.#settings = settings;
      this.#retired.add(old);
      try {
        await this.#join(worker, settings);
      } catch (error) {
        this.#settings = former;
        const hasEnded = !this.#retired.delete(old);
        await worker.exited;
        await this.#forget(worker);
        if (this.#closing.signal.aborted) return;
        if (hasEnded) this.#keep(this.#fork(), { joins: true });
        throw error;
      }
      this.#keep(worker);
      this.#listening.delete(old);
      const measured = await old.drain(this.#patienceMs, idleMs);
      if (measured !== undefined) this.#options.measured(old.name, measured);
      await old.end();
      this.#options.logger.info({ process: old.name, by: worker.name }, "a worker has been replaced");
    }
  }

  /** @param options `joins` is for a worker that has yet to be started */
  #keep(worker: Worker, { joins = false } = {}): void {
    const kept = this.#replaceWhenEnded(worker, joins).finally(() => this.#kept.delete(kept));
    this.#kept.add(kept);
  }

  async #replaceWhenEnded(first: Worker, joins: boolean): Promise<void> {
    const { logger } = this.#options;
    const { signal } = this.#closing;
    const pauses = new RestartPauses();
    for (let worker = first; ; worker = this.#fork()) {
      if (joins || worker !== first) {
        await this.#join(worker, this.#settings).catch((error: unknown) => {
          if (!signal.aborted) logger.error({ err: error, process: worker.name }, "a worker could not be started");
        });
      }
      const how = await worker.exited;
      const isRetired = this.#retired.delete(worker);
      await this.#forget(worker);
      if (signal.aborted || isRetired) return;
      logger.error({ ...how, process: worker.name }, "a worker has ended; another takes its place");
      const pause = pauses.next(performance.now()) ?? maxPauseMs;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  async #forget(worker: Worker): Promise<void> {
    this.#listening.delete(worker);
    this.#running.delete(worker.name);
    await this.#options.ended(worker.name);
  }
}
