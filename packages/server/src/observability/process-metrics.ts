import { collectDefaultMetrics, Registry } from "prom-client";

let registry: Registry | undefined;

/**
 * What the whole process does: CPU, memory, garbage collection, delay of the event loop. The exception to having no
 * module state: prom-client watches with a timer and an observer that it has no way to let go of, so that servers
 * which come and go in one process must share them.
 */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
