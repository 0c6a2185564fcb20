import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/** The event loop's delay, in milliseconds. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p999: number;
  readonly max: number;
}

// Loaded with --import into every measured server, so that all are watched in the same way and none has to cooperate.
// SIGUSR2 restarts the count. The result is written when the process exits.

const resolutionMs = 1;
const folder = process.env.BENCH_EVENT_LOOP_FOLDER;

// A server's worker threads inherit --import.
if (isMainThread && folder !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  process.on("SIGUSR2", () => histogram.reset());
  process.once("exit", () => {
    // The histogram holds the times between two ticks of its timer. The part beyond the timer's period is the delay.
    const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    const p50 = delay(histogram.percentile(50));
    const p999 = delay(histogram.percentile(99.9));
    writeFileSync(
      join(folder, `${process.pid}.json`),
      JSON.stringify({ p50, p999, max: delay(histogram.max) } satisfies EventLoopDelay),
    );
  });
}
