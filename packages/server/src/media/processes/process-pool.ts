import { RestartPauses } from "../../concurrency/restart-pauses.ts";
import { NoSlotError } from "../../concurrency/wait-for-slot.ts";
import { MediaError } from "../media-error.ts";
import { MediaProcess } from "./media-process.ts";
import type { SandboxProbe } from "./sandbox.ts";
import type { ScratchFolder } from "./scratch-folder.ts";

export interface ProcessPoolOptions {
  readonly scratch: ScratchFolder;
  readonly sandbox: Pick<SandboxProbe, "find">;
  /** The processes that are kept ready once `keepReady` was called: those that work at once, and spare ones. */
  readonly ready: number;
}

/** A process is replaced after so many tasks, or once it holds so much memory without a task. */
const maxTasks = 1000;
const maxIdleBytes = 300 * 1024 * 1024;
/** The longest pause before the next start where processes keep ending without a task. */
const maxPauseMs = 10_000;

/**
 * Processes that decode. A process that has ended, or is worn, is replaced. What leaks in native code, and the memory
 * that it doesn't give back, goes with its process.
 */
export class ProcessPool {
  readonly #options: ProcessPoolOptions;
  readonly #processes = new Set<MediaProcess>();
  readonly #idle: MediaProcess[] = [];
  readonly #lent = new Set<MediaProcess>();
  readonly #starting = new Set<Promise<MediaProcess>>();
  /** Those who wait for a process. At least as many are starting. */
  readonly #waiting = new Set<PromiseWithResolvers<MediaProcess>>();
  readonly #closing = new AbortController();
  readonly #pauses = new RestartPauses();
  #isKept = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
  }

  /** Starts processes before they are needed, and from now on whenever one is missing. */
  keepReady(): void {
    this.#isKept = true;
    this.#refill();
  }

  /**
   * Lends a process to a task. The caller bounds how many work at once.
   * @param signal ends the wait for a process
   * @throws MediaError EBUSY where none can be started; NoSlotError when the pool is closed; the signal's reason
   */
  async use<Result>(work: (process: MediaProcess) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    this.#closing.signal.throwIfAborted();
    signal?.throwIfAborted();
    const process = this.#takeIdle() ?? (await this.#next(signal));
    this.#lent.add(process);
    try {
      return await work(process);
    } finally {
      this.#lent.delete(process);
      this.#giveBack(process);
    }
  }

  /** Ends all processes, also those that are just starting. Tasks under way fail. */
  async close(): Promise<void> {
    this.#closing.abort(new NoSlotError("closed"));
    clearTimeout(this.#pause);
    await Promise.allSettled(this.#starting);
    const processes = [...this.#processes];
    for (const process of processes) process.kill();
    await Promise.all(processes.map(({ exited }) => exited));
  }

  #takeIdle(): MediaProcess | undefined {
    for (;;) {
      const process = this.#idle.pop();
      if (process === undefined || !process.isGone) return process;
    }
  }

  /** Waits for a process: one that is given back, or one that is starting. */
  async #next(signal: AbortSignal | undefined): Promise<MediaProcess> {
    const waiter = Promise.withResolvers<MediaProcess>();
    this.#waiting.add(waiter);
    const leave = (): void => {
      this.#waiting.delete(waiter);
      waiter.reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    // Nothing else may keep this program from ending meanwhile.
    const holding = setInterval(() => undefined, 1000);
    if (this.#starting.size < this.#waiting.size) this.#startAnother();
    try {
      return await waiter.promise;
    } finally {
      signal?.removeEventListener("abort", leave);
      clearInterval(holding);
    }
  }

  #startAnother(): void {
    const starting = this.#startOne();
    this.#starting.add(starting);
    void starting.then(
      (process) => {
        this.#starting.delete(starting);
        const waiter = this.#takeWaiter();
        // Whoever waits hears from the process if it is gone already.
        if (waiter === undefined) this.#giveBack(process);
        else waiter.resolve(process);
        this.#refill();
      },
      (error: unknown) => {
        this.#starting.delete(starting);
        this.#takeWaiter()?.reject(error);
        // A task tries at once, and says what is wrong.
        this.#refillAfterPause();
      },
    );
  }

  #takeWaiter(): PromiseWithResolvers<MediaProcess> | undefined {
    const [waiter] = this.#waiting;
    if (waiter !== undefined) this.#waiting.delete(waiter);
    return waiter;
  }

  async #startOne(): Promise<MediaProcess> {
    const { scratch, sandbox } = this.#options;
    const [folder, found] = await Promise.all([scratch.path(), sandbox.find()]).catch((error: unknown) => {
      throw new MediaError("EBUSY", "There is no room for a process to work in", { cause: error });
    });
    const process = await MediaProcess.start(found, folder, this.#closing.signal);
    this.#processes.add(process);
    void process.exited.then(() => {
      this.#processes.delete(process);
      const index = this.#idle.indexOf(process);
      if (index !== -1) this.#idle.splice(index, 1);
      // A task's fault ends with its process. Another fault may be the next one's as well.
      if (this.#lent.has(process) || process.wasKilled) this.#refill();
      else this.#refillAfterPause();
    });
    return process;
  }

  #giveBack(process: MediaProcess): void {
    if (process.isGone) return;
    const isWorn = process.tasks >= maxTasks || (process.bytes ?? 0) > maxIdleBytes;
    if (isWorn || this.#closing.signal.aborted) process.kill();
    else {
      const waiter = this.#takeWaiter();
      if (waiter === undefined) this.#idle.push(process);
      else waiter.resolve(process);
    }
  }

  /** Starts one process after the other, so that starting doesn't take the machine from those that work. */
  #refill(): void {
    const isMissing = this.#processes.size + this.#starting.size < this.#options.ready;
    if (
      !this.#isKept ||
      this.#pause !== undefined ||
      this.#closing.signal.aborted ||
      !isMissing ||
      this.#starting.size > 0
    )
      return;
    this.#startAnother();
  }

  #refillAfterPause(): void {
    if (!this.#isKept || this.#closing.signal.aborted) return;
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#refill();
    }, this.#pauses.next(performance.now()) ?? maxPauseMs).unref();
  }
}
