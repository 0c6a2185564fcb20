import { monitorEventLoopDelay } from "node:perf_hooks";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

let registry: Registry | undefined;

/**
 * Measures the whole process: CPU, memory, garbage collection, delay of the event loop. This is the exception to having
 * no module state. prom-client measures with a timer and an observer that it can't release, so servers that come and go
 * in one process must share them.
 */
export function processMetrics(process: string): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    // Gauges, whose names Prometheus keeps for counters. Their series by type are there.
    for (const kind of ["handles", "requests", "resources"]) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    watchEventLoop(registry, process);
  }
  return registry;
}

/** The interval at which the delay of the event loop is measured. */
const watchMs = 10;

/**
 * Measures the delay of this process's event loop. prom-client's own metric is an average over the processes, and one
 * slow process must show.
 */
function watchEventLoop(register: Registry, process: string): void {
  const delay = monitorEventLoopDelay({ resolution: watchMs });
  delay.enable();
  new Gauge({
    name: "sluice_event_loop_delay_seconds",
    help: "Delay of the event loop since it was last asked for, by process",
    labelNames: ["process", "percentile"],
    registers: [register],
    collect() {
      for (const percentile of [50, 99, 99.9]) {
        // Node's figure includes the time between two measurements.
        const seconds = delay.percentile(percentile) / 1e9 - watchMs / 1000;
        this.set({ process, percentile }, Math.max(0, seconds));
      }
      delay.reset();
    },
  });
}
