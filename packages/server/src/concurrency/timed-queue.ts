import { dearMs } from "./known-costs.ts";
import { NoTurnError } from "./no-turn-error.ts";
import { type AskedWork, type Before, type HeldPlace, TimedPlaces, type TimedPlacesOptions } from "./timed-places.ts";

export interface RunOptions extends AskedWork {
  readonly signal?: AbortSignal | undefined;
}

/** The place in which a task runs. The place is taken until the task ends. */
export interface TaskPlace extends Pick<HeldPlace, "charge" | "chargeBeside" | "meter"> {
  /** Aborted when nobody waits for the task any more, or when the task is to make room and will be run once more. */
  readonly signal: AbortSignal;
}

export type Task<T> = (place: TaskPlace) => Promise<T>;

/**
 * Runs a few tasks at a time and lets others wait, by the time that their parties and files have used. A task for which
 * there is no room is refused at once, unless a task of a party that uses more time can be refused instead. It is for
 * tasks whose costs differ by much; `BoundedQueue` is for those that cost about the same.
 */
export class TimedQueue {
  readonly #places: TimedPlaces;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: TimedPlacesOptions) {
    this.#places = new TimedPlaces(options);
  }

  /** Whether the task would not be refused at once. */
  hasRoomFor(asked: AskedWork): boolean {
    return this.#places.hasRoomFor(asked);
  }

  /**
   * Runs the task. Throws NoTurnError when there is no room, the wait is too long or the queue is closed, and the
   * signal's reason when the signal aborts. A waiting task then leaves the line. A running task keeps its place until it
   * ends.
   */
  async run<T>(task: Task<T>, { signal, ...asked }: RunOptions = {}): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#runInTurn(task, asked, stop), stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  async close(): Promise<void> {
    this.#closing.abort(new NoTurnError("closed"));
    await Promise.allSettled(this.#running);
  }

  async #runInTurn<T>(task: Task<T>, asked: AskedWork, stop: AbortSignal): Promise<T> {
    const since = performance.now();
    let before: Before | undefined;
    for (;;) {
      const place = await this.#places.take(asked, stop, before);
      try {
        return await this.#occupy(task, place, stop);
      } catch (error) {
        if (!place.givesWay.aborted || stop.aborted) throw error;
        before = { leastMs: dearMs, since };
      }
    }
  }

  async #occupy<T>(task: Task<T>, place: HeldPlace, stop: AbortSignal): Promise<T> {
    const { charge, chargeBeside, meter } = place;
    const signal = AbortSignal.any([stop, place.givesWay]);
    const running = start(() => task({ signal, charge, chargeBeside, meter }), signal);
    this.#running.add(running);
    let isWhole = false;
    try {
      const outcome = await running;
      isWhole = true;
      return outcome;
    } finally {
      this.#running.delete(running);
      place.release(isWhole);
    }
  }
}

async function start<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return task();
}
