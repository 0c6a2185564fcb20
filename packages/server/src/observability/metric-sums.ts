import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from "prom-client";

/** A metric and its values, as one process has measured them: plain data. */
export type MeasuredMetric = MetricObjectWithValues<MetricValue<string>>;

/** What several processes measure, as one text. What a process has counted is kept when it ends: sums never go down. */
export class MetricSums {
  readonly #latest = new Map<string, readonly MeasuredMetric[]>();
  #ended: readonly MeasuredMetric[] = [];

  measured(process: string, metrics: readonly MeasuredMetric[]): void {
    this.#latest.set(process, metrics);
  }

  /** Keeps what was last measured, apart from what is only true of a living process. */
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
