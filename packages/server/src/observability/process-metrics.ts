import { monitorEventLoopDelay } from "node:perf_hooks";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

let registry: Registry | undefined;

/**
 * What the whole process does: CPU, memory, garbage collection, delay of the event loop. The exception to having no
 * module state: prom-client watches with a timer and an observer that it has no way to let go of, so that servers
 * which come and go in one process must share them.
 */
export function processMetrics(process: string): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    watchEventLoop(registry, process);
  }
  return registry;
}

/** Time between two looks at the event loop. */
const watchMs = 10;

/** Beside prom-client's own, which is an average over the processes: one slow process must show. */
function watchEventLoop(register: Registry, process: string): void {
  const delay = monitorEventLoopDelay({ resolution: watchMs });
  delay.enable();
  new Gauge({
    name: "sluice_event_loop_delay_seconds",
    help: "Delay of the event loop since it was last asked for, by process",
    labelNames: ["process", "quantile"],
    registers: [register],
    collect() {
      for (const quantile of [0.5, 0.99, 0.999]) {
        // Node measures from one look to the next, the time between them included.
        const seconds = delay.percentile(100 * quantile) / 1e9 - watchMs / 1000;
        this.set({ process, quantile }, Math.max(0, seconds));
      }
      delay.reset();
    },
  });
}
