import { vi } from "vitest";
import type { TaskSlot, TimedQueue } from "../timed-queue.ts";
import { NoSlotError } from "../wait-for-slot.ts";
import type { AskedWork } from "../work-costs.ts";

/** A process that works on a picture is gone this long after it is told to end. */
const killMs = 100;

export interface SimulatedWork extends Omit<AskedWork, "party"> {
  readonly client: string;
  readonly account?: string;
  /** The time that the work takes. */
  readonly costMs: number;
}

/** The outcome of a simulated work. */
export interface Fate {
  readonly askedAt: number;
  /** The time until the work begins for the first time. */
  waitedMs?: number;
  /** The time until the work has ended. */
  tookMs?: number;
  /** The number of times that the work has begun, and that it was stopped before its end. */
  begins: number;
  stops: number;
  /** 1 while the work has a slot. */
  running: number;
  refused?: string;
}

/** Asks a queue to do work that takes time and nothing else. The clock has to be a faked one. */
export function ask(queue: TimedQueue, work: SimulatedWork, signal?: AbortSignal): Fate {
  const fate: Fate = { askedAt: performance.now(), begins: 0, stops: 0, running: 0 };
  const { client, account = "a", costMs, ...asked } = work;
  const task = async ({ signal: stop, charge }: TaskSlot): Promise<void> => {
    const began = performance.now();
    fate.waitedMs ??= began - fate.askedAt;
    fate.begins++;
    fate.running++;
    try {
      await workFor(costMs, stop);
    } catch (error) {
      fate.stops++;
      throw error;
    } finally {
      charge(performance.now() - began);
      fate.running--;
    }
  };
  queue.run(task, { party: { account, client }, restartable: true, ...asked, signal }).then(
    () => {
      fate.tookMs = performance.now() - fate.askedAt;
    },
    (error: unknown) => {
      fate.refused = error instanceof NoSlotError ? error.reason : String(error);
    },
  );
  return fate;
}

function workFor(costMs: number, stop: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, costMs);
  const kill = (): void => {
    clearTimeout(timer);
    setTimeout(() => reject(stop.reason), killMs);
  };
  stop.addEventListener("abort", kill, { once: true });
  return promise.finally(() => stop.removeEventListener("abort", kill));
}

/** Lets so much time pass. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Fakes the clock, for `afterEach` to restore. */
export function fakeClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
}

/** The longest time that the works waited until they began; infinite where one never did. */
export function longestWait(fates: readonly Fate[]): number {
  return Math.max(...fates.map(({ waitedMs }) => waitedMs ?? Number.POSITIVE_INFINITY));
}

/** The reasons for which works were refused. */
export function refusals(fates: readonly Fate[]): string[] {
  return fates.flatMap(({ refused }) => refused ?? []);
}
