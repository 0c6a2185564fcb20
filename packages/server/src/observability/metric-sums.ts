import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from "prom-client";

/** A metric and its values as one process has measured them. It is plain data. */
export type MeasuredMetric = MetricObjectWithValues<MetricValue<string>>;

/**
 * Sums what several processes measure into one text. The counts of a process are kept when it ends, so that sums never
 * go down.
 */
export class MetricSums {
  readonly #latest = new Map<string, readonly MeasuredMetric[]>();
  #ended: readonly MeasuredMetric[] = [];

  measured(process: string, metrics: readonly MeasuredMetric[]): void {
    this.#latest.set(process, metrics);
  }

  /** Keeps the process's last measurement, except for values that are only true of a living process. */
  async end(process: string): Promise<void> {
    const latest = this.#latest.get(process);
    if (latest === undefined) return;
    this.#latest.delete(process);
    const counted = latest.filter(({ type }) => counts.has(String(type)));
    this.#ended = await sum([this.#ended, counted]).getMetricsAsJSON();
  }

  text(): Promise<string> {
    return sum([...this.#latest.values(), this.#ended]).metrics();
  }
}

const counts: ReadonlySet<string> = new Set(["counter", "histogram"]);

function sum(metrics: readonly (readonly MeasuredMetric[])[]) {
  return AggregatorRegistry.aggregate(metrics as unknown as object[]);
}
