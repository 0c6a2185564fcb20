import { Counter, type CounterConfiguration, type LabelValues } from "prom-client";

/** One set of labels' share. */
export interface TallyMark {
  add(): void;
}

/** A counter of what happens all the time: prom-client looks the labels over whenever it counts, this when it is read. */
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

  /** To be kept by whoever counts. */
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

  /** What has been added since this was last called. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
