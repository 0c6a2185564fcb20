import type { Metric, MetricObjectWithValues, MetricValueWithName, Registry } from "prom-client";

export interface TimingsConfiguration {
  readonly name: string;
  readonly help: string;
  /** The label that tells kinds of events apart. */
  readonly label: string;
  /** The upper bounds of the buckets in seconds, in ascending order. */
  readonly buckets: readonly number[];
  readonly registers: readonly Registry[];
}

/** A histogram of durations for frequent events. prom-client checks and hashes the labels whenever it observes. */
export class Timings {
  readonly name: string;
  readonly #configuration: TimingsConfiguration;
  readonly #marks: TimingMark[] = [];

  constructor(configuration: TimingsConfiguration) {
    this.name = configuration.name;
    this.#configuration = configuration;
    // The registry asks a metric for its name and for `get()`, whatever class it has.
    for (const registry of configuration.registers) registry.registerMetric(this as unknown as Metric);
  }

  /** Makes the durations of one kind. Its user keeps the result and observes with it. */
  mark(kind: string): TimingMark {
    const mark = new TimingMark(kind, this.#configuration.buckets);
    this.#marks.push(mark);
    return mark;
  }

  async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const { name, help, label } = this.#configuration;
    const values = this.#marks.flatMap((mark) =>
      mark.values().map(({ end, labels, value }) => ({
        metricName: name + end,
        labels: { ...labels, [label]: mark.kind },
        value,
      })),
    );
    return { name, help, type: "histogram", aggregator: "sum", values } as unknown as Awaited<ReturnType<this["get"]>>;
  }
}

export class TimingMark {
  readonly kind: string;
  readonly #buckets: readonly number[];
  /** The last count is of durations beyond all buckets. */
  readonly #counts: number[];
  #sum = 0;

  constructor(kind: string, buckets: readonly number[]) {
    this.kind = kind;
    this.#buckets = buckets;
    this.#counts = new Array<number>(buckets.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let index = 0;
    while (index < this.#buckets.length && seconds > (this.#buckets[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += seconds;
  }

  values(): { readonly end: string; readonly labels: { readonly le?: number | string }; readonly value: number }[] {
    let count = 0;
    const buckets = [...this.#buckets, "+Inf"].map((le, index) => {
      count += this.#counts[index] ?? 0;
      return { end: "_bucket", labels: { le }, value: count };
    });
    return [...buckets, { end: "_sum", labels: {}, value: this.#sum }, { end: "_count", labels: {}, value: count }];
  }
}
