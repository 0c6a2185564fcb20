import { Counter, type CounterConfiguration, type LabelValues } from "prom-client";

/** The count of one set of labels. */
export interface TallyMark {
  add(): void;
}

/**
 * A counter for frequent events. prom-client checks the labels whenever it counts, and this class only when it is read.
 */
export class Tally<Label extends string> {
  readonly #marks: Mark<Label>[] = [];

  constructor(configuration: Omit<CounterConfiguration<Label>, "collect">) {
    const marks = this.#marks;
    new Counter({
      ...configuration,
      collect() {
        for (const mark of marks) {
          const count = mark.take();
          if (count > 0) this.inc(mark.labels, count);
        }
      },
    });
  }

  /** Makes the count of these labels. Its user keeps the result and counts with it. */
  mark(labels: LabelValues<Label>): TallyMark {
    const mark = new Mark(labels);
    this.#marks.push(mark);
    return mark;
  }
}

class Mark<Label extends string> implements TallyMark {
  readonly labels: LabelValues<Label>;
  #count = 0;

  constructor(labels: LabelValues<Label>) {
    this.labels = labels;
  }

  add(): void {
    this.#count++;
  }

  /** Returns what has been added since the last call. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
