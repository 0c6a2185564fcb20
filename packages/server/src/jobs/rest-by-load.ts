import { setTimeout as sleep } from "node:timers/promises";
import { ProcessLoad } from "../observability/process-load.ts";

/** After each file, a job rests this many times as long as the file took: others need the machine, too. */
const restFactor = 3;
const busyRestFactor = 50;
/** A process with at least this load has clients that wait. */
const busyLoad = 0.5;
const maxRestMs = 10_000;
/** Nobody notices a look that takes less, such as one at a file that is nothing for the job. */
const leastRestedMs = 5;

/** Rests after a file that took so long. */
export type Rest = (tookMs: number, signal: AbortSignal) => Promise<void>;

/** Rests longer while the process is busy. */
export function restByLoad(): Rest {
  const load = new ProcessLoad();
  return async (tookMs, signal) => {
    if (tookMs < leastRestedMs) return;
    const factor = load.look() > busyLoad ? busyRestFactor : restFactor;
    await sleep(Math.min(tookMs * factor, maxRestMs), undefined, { signal });
  };
}
